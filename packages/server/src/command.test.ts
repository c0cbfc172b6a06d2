import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { mainOf } from "../../../tools/launch.mjs";
import { openStream } from "../../server-core/test/event-source.ts";
import { describeLog } from "./open-log.ts";

interface Run {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  /** Resolves with the code, or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
}

function tidemark(...args: readonly string[]): Run {
  return tidemarkIn(process.cwd(), ...args);
}

function tidemarkIn(cwd: string, ...args: readonly string[]): Run {
  const child = spawn(process.execPath, [...mainOf("packages/server"), ...args], { cwd });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (output.stderr += text));
  const ended = once(child, "close").then(([code, signal]) => code ?? signal);
  return { child, output, ended };
}

/** Run `tidemark serve` while `run` does; whatever happens, it has ended then. */
async function serving(
  args: readonly string[],
  run: (base: string, command: Run) => Promise<void>,
): Promise<void> {
  const command = tidemark("serve", "--port", "0", "--log", "memory", ...args);
  try {
    await Promise.race([once(command.child.stdout ?? command.child, "data"), command.ended]);
    const [, base] =
      /^listening on (http:\S+)\{channel\}\nmessages are kept in .*\n$/.exec(command.output.stdout) ?? [];
    assert.ok(base, command.output.stderr);
    await run(base, command);
  } finally {
    command.child.kill("SIGKILL");
    await command.ended;
  }
}

test("serve says where it listens, and serves what its options say", () =>
  serving(["--heartbeat", "7", "--max-wait", "9", "--max-limit", "3", "--key-ttl", "11"], async (base) => {
    const init = { method: "POST", headers: { "Content-Type": "application/json" } };
    const published = await fetch(`${base}a`, { ...init, body: '{"messages":[{"data":1}]}' });
    assert.is(
      published.headers.get("tidemark"),
      "v=1, mechanisms=(poll long-poll sse), max-wait=9, max-limit=3, heartbeat=7, key-ttl=11, publish, event",
    );
    const page = (await (await fetch(`${base}a`)).json()) as { messages: unknown[] };
    assert.is(page.messages.length, 1);
  }));

test("serve keeps as much as it is told, and takes no publish if told so", () =>
  serving(["--retain-messages", "2", "--path", "/c/:channel", "--fresh-for", "0"], async (base) => {
    assert.match(base, /\/c\/$/);
    const body = JSON.stringify({ messages: [1, 2, 3, 4].map((data) => ({ data })) });
    const response = await fetch(`${base}a`, {
      method: "POST",
      body,
      headers: { "Content-Type": "application/json" },
    });
    const { cursors } = (await response.json()) as { cursors: string[] };
    const page = (await (await fetch(`${base}a`)).json()) as { messages: unknown[] };
    assert.is(page.messages.length, 2);
    assert.is((await fetch(`${base}a?after=${cursors[0]}`)).status, 410);
    const more = await fetch(`${base}a?limit=1&after=${cursors[1]}`);
    assert.is(more.headers.get("cache-control"), "no-store");
  }).then(() =>
    serving(["--read-only", "--cors-origin", "https://a.example"], async (base) => {
      const response = await fetch(`${base}a`, { method: "POST" });
      assert.is(response.status, 405);
      assert.is(response.headers.get("vary"), "Origin");
    }),
  ));

for (const signal of ["SIGTERM", "SIGINT"] as const)
  test(`${signal} answers what is held, ends the streams and then the process`, () =>
    serving(["--drain", "0"], async (base, { child, ended, output }) => {
      const { cursor } = (await (await fetch(`${base}a`)).json()) as { cursor: string };
      const stream = await openStream(`${base}a`);
      assert.is((await stream.event())?.event, "$open");
      const held = fetch(`${base}a?wait=60&after=${cursor}`);
      await heldToo(base, cursor);
      child.kill(signal);
      const page = (await (await held).json()) as { messages: unknown[]; retry: number };
      assert.equal(page.messages, []);
      assert.type(page.retry, "number");
      assert.equal(await stream.rest(), []);
      assert.is(await ended, 0);
      assert.match(output.stderr, new RegExp(`^${signal}: `));
    }));

/** Resolves once requests that were sent before are held: a later one went through the same steps to its answer. */
async function heldToo(base: string, cursor: string): Promise<void> {
  const response = await fetch(`${base}a?wait=1&after=${cursor}`);
  assert.is(response.status, 200);
}

test("with a log on disk, what was published outlives the server, and a second server is refused", async () => {
  const directory = await mkdtemp(join(tmpdir(), "tidemark-serve-"));
  const log = ["--log", `lmdb:${directory}?durability=disk`];
  try {
    const init = { method: "POST", headers: { "Content-Type": "application/json" } };
    let cursor = "";
    await serving([...log, "--drain", "0"], async (base, { child, ended }) => {
      const published = await fetch(`${base}a`, { ...init, body: '{"messages":[{"data":1},{"data":2}]}' });
      const { cursors } = (await published.json()) as { cursors: string[] };
      cursor = cursors[0] ?? "";
      const second = tidemark("serve", "--port", "0", ...log);
      assert.is(await second.ended, 1);
      assert.match(second.output.stderr, new RegExp(`^tidemark: .* in use by process ${child.pid}`));
      child.kill("SIGKILL");
      await ended;
    });
    await serving(log, async (base) => {
      const page = (await (await fetch(`${base}a?after=${cursor}`)).json()) as {
        messages: { data: number }[];
      };
      assert.equal(
        page.messages.map(({ data }) => data),
        [2],
      );
    });
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("without --log it keeps messages on disk, and says where and what they outlive", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-serve-"));
  try {
    const { child, output, ended } = tidemarkIn(folder, "serve", "--port", "0", "--drain", "0");
    await Promise.race([once(child.stdout ?? child, "data"), ended]);
    assert.match(
      output.stdout,
      /messages are kept in \.\/tidemark-data, and outlive kill -9, not a power loss/,
    );
    child.kill("SIGTERM");
    assert.is(await ended, 0);
    assert.ok((await readdir(join(folder, "tidemark-data"))).includes("data.mdb"));
    await serving(["--log", `lmdb:${folder}/tidemark-data?durability=disk`], async (_, { output }) =>
      assert.match(output.stdout, /outlive a power loss/),
    );
    await serving([], async (_, { output }) => assert.match(output.stdout, /kept in memory, until it ends/));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a directory that cannot be one is told with what to do, and an address without its password", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-serve-"));
  try {
    await writeFile(join(folder, "tidemark-data"), "");
    const { ended, output } = tidemarkIn(folder, "serve", "--port", "0");
    assert.is(await ended, 1);
    assert.match(output.stderr, /^tidemark: EEXIST.*tidemark-data.*--log memory/);
    for (const scheme of ["redis", "nats"])
      assert.not.match(describeLog(`${scheme}://user:secret@10.0.0.1:6379`), "secret");
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a second signal exits at once", () =>
  serving(["--drain", "3600"], async (base, { child, ended, output }) => {
    const stream = await openStream(`${base}a`);
    await stream.event();
    child.kill("SIGTERM");
    while (output.stderr === "") await once(child.stderr ?? child, "data");
    child.kill("SIGINT");
    assert.is(await ended, 130);
    assert.equal(await stream.rest(), []);
  }));

test("a port that is taken is told with what to do, and the code is 1", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const { ended, output } = tidemark("serve", "--port", String(port), "--log", "memory");
  assert.is(await ended, 1);
  assert.match(output.stderr, new RegExp(`^tidemark: 127.0.0.1:${port} is in use.*--port`));
  assert.is(output.stdout, "");
  other.close();
});

for (const args of [
  ["serve", "--port", "70000"],
  ["serve", "--heartbeat", "0"],
  ["serve", "--max-wait", "1.5"],
  ["serve", "--path", "/channels"],
  ["serve", "--log", "nonsense"],
  ["serve", "--log", "lmdb:"],
  ["serve", "--log", "redis+sentinel://127.0.0.1:1"],
  ["serve", "--nonsense"],
  ["nonsense"],
])
  test(`tidemark ${args.join(" ")} is refused with the code 1`, async () => {
    const { ended, output } = tidemark(...args);
    assert.is(await ended, 1);
    assert.ok(output.stderr.length > 0);
    assert.not.match(output.stderr, /^\s+at /m, "no stack");
  });

test("--help lists every option", async () => {
  const { ended, output } = tidemark("serve", "--help");
  assert.is(await ended, 0);
  for (const option of [
    "--port",
    "--host",
    "--retain-age",
    "--heartbeat",
    "--max-wait",
    "--drain",
    "--key-ttl",
  ])
    assert.match(output.stdout, option);
});

test.run();
