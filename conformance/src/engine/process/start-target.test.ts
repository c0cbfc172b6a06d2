import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type CliResult, runCli } from "../../testing/run-cli.ts";
import { scriptedServer } from "../../testing/scripted-server.ts";
import { StartError, type StartedTarget, type StartOptions, startTarget } from "./start-target.ts";

const starting = suite("starting the target");
const cwd = mkdtempSync(join(tmpdir(), "start-"));
starting.after(() => rmSync(cwd, { recursive: true }));

/** A program that listens on a given port, starts a child, and writes both process ids. */
writeFileSync(
  join(cwd, "target.mjs"),
  `import { spawn } from "node:child_process";
   import { createServer } from "node:http";
   import { writeFileSync } from "node:fs";
   const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
   const server = createServer((_, answer) => answer.writeHead(404).end("not here"));
   server.listen(Number(process.argv[2]), "127.0.0.1", () =>
     writeFileSync("pids.txt", process.pid + " " + child.pid));
   if (process.argv[3] === "stubborn") process.on("SIGTERM", () => {});`,
);

async function freePort(): Promise<number> {
  const server = await scriptedServer(() => undefined);
  await server.close();
  return Number(new URL(server.origin).port);
}

async function start(command: string, options: Partial<StartOptions> = {}): Promise<StartedTarget> {
  const { signal } = new AbortController();
  return startTarget({
    command,
    cwd,
    readyUrl: "http://127.0.0.1:9/",
    timeoutMs: 20_000,
    insecure: false,
    signal,
    ...options,
  });
}

async function failure(starting: Promise<unknown>): Promise<string> {
  try {
    await starting;
  } catch (error) {
    assert.instance(error, StartError);
    return (error as Error).message;
  }
  return "(it started)";
}

function pids(): number[] {
  return readFileSync(join(cwd, "pids.txt"), "utf8").split(" ").map(Number);
}

/** Wait until none of the processes is left. A zombie counts as gone. */
async function gone(processes: readonly number[]): Promise<void> {
  while (processes.some(isAlive)) await delay(10);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch (error) {
    assert.ok(["ESRCH", "ENOENT"].includes(String((error as NodeJS.ErrnoException).code)), String(error));
    return false;
  }
}

starting(
  "resolves once the target answers, with any status, and stops everything that it started",
  async () => {
    const port = await freePort();
    const target = await start(`node target.mjs ${port}`, { readyUrl: `http://127.0.0.1:${port}/` });
    const processes = pids();
    assert.ok(processes.every(isAlive));
    await target.stop();
    await gone(processes);
    await target.stop(); // idempotent
  },
);

starting("a target that ignores SIGTERM is killed", async () => {
  const port = await freePort();
  const target = await start(`node target.mjs ${port} stubborn`, { readyUrl: `http://127.0.0.1:${port}/` });
  const processes = pids();
  await target.stop();
  await gone(processes);
});

starting("a command that exits is reported with its exit code and its last output", async () => {
  const text = await failure(start("echo listening; echo no such option >&2; exit 3"));
  assert.match(text, /ended with 3 before the target was ready; its last output:\nlistening\nno such option/);
});

starting("a target that never answers is reported, and killed", async () => {
  const port = await freePort();
  const text = await failure(
    start(`node target.mjs ${port}`, { readyUrl: "http://127.0.0.1:9/", timeoutMs: 1_500 }),
  );
  assert.match(text, /nothing answered at http:\/\/127\.0\.0\.1:9\/ within 1\.5 s/);
  await gone(pids());
});

starting("a run that is stopped before the target is ready kills it", async () => {
  const stop = new AbortController();
  const started = failure(start("sleep 60", { signal: stop.signal }));
  stop.abort();
  assert.match(await started, /stopped before the target was ready/);
});

const PYTHON_SERVER = fileURLToPath(new URL("../../../../examples/python-server/server.py", import.meta.url));

/** Run the command line on a target that it starts; send a signal once its output contains a word. */
async function runOn(
  start: string,
  port: number,
  word: string,
  signals: readonly NodeJS.Signals[],
): Promise<CliResult> {
  const origin = `http://127.0.0.1:${port}`;
  const target = { url: `${origin}/channels/{channel}`, start: { command: start, ready: origin } };
  writeFileSync(join(cwd, "c.json"), JSON.stringify({ target }));
  let waiting = true;
  return runCli(["server", "-c", "c.json"], {
    cwd,
    started: (child) =>
      child.stdout?.on("data", (text: string) => {
        if (!waiting || !text.includes(word)) return;
        waiting = false;
        for (const signal of signals) child.kill(signal);
      }),
  });
}

starting("the target ends with the run", async () => {
  const port = await freePort();
  const { code, stdout } = await runOn(`node target.mjs ${port}`, port, "never", []);
  assert.match(stdout, /NO VERDICT: no Tidemark server found/);
  assert.is(code, 3);
  await gone(pids());
});

starting("Ctrl-C ends the run, which reports its results so far, and stops the target", async () => {
  const port = await freePort();
  const command = `echo $$ >pids.txt; exec python3 ${PYTHON_SERVER} --port ${port}`;
  const { code, stdout } = await runOn(command, port, "tests at", ["SIGINT"]);
  assert.match(stdout, /not-run.*\nNO VERDICT: interrupted before the end/);
  assert.is(code, 3);
  await gone(pids());
});

starting(
  "a second signal ends everything at once, without waiting for a target that ignores SIGTERM",
  async () => {
    rmSync(join(cwd, "pids.txt"));
    const command = 'trap "" TERM; echo $$ >pids.txt; while :; do sleep 1; done';
    const target = { url: "http://127.0.0.1:9/{channel}", start: { command, ready: "http://127.0.0.1:9/" } };
    writeFileSync(join(cwd, "c.json"), JSON.stringify({ target }));
    const signalOnceUp = async (child: ChildProcess): Promise<void> => {
      while (!existsSync(join(cwd, "pids.txt"))) await delay(10);
      child.kill("SIGINT");
      child.kill("SIGTERM");
    };
    const { code } = await runCli(["server", "-c", "c.json"], {
      cwd,
      started: (child) => void signalOnceUp(child),
    });
    assert.ok(code === 130 || code === 143, `${code}`); // the signals may arrive in either order; 3, had it waited
    await gone(pids());
  },
);

starting.run();
