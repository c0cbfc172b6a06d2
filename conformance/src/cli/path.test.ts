import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ensureProgram } from "../../../tools/ensure.mjs";
import { mainOf } from "../../../tools/launch.mjs";
import { runCli } from "../testing/run-cli.ts";

const path = suite("path");
const cwd = mkdtempSync(join(tmpdir(), "path-"));
let child: ChildProcess;
let url = "";
let token = "";
let said = "";

path.before(async () => {
  child = spawn(process.execPath, [...mainOf("conformance"), "origin", "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  while (!/--token (\S+)/.test(said)) await once(child.stdout as NodeJS.EventEmitter, "data");
  url = /http:\S+:\d+/.exec(said)?.[0] ?? "";
  token = /--token (\S+)/.exec(said)?.[1] ?? "";
});
path.after(async () => {
  child.kill();
  await once(child, "close");
  rmSync(cwd, { recursive: true });
});

const QUICK = ["--only", "stream,bytes,query,status,cached,body", "--idle", "1s"];

path("a direct path is fit for streams; the reports say the same, and do not differ", async () => {
  const reporters = "pretty,json=a.json,junit=a.xml,tap=a.tap,md=a.md";
  const run = await runCli(["path", url, "--token", token, ...QUICK, "--reporter", reporters], { cwd });
  assert.match(run.stdout, /^ok +stream .* yes, within/m);
  assert.match(run.stdout, /^FIT FOR STREAMS/m);
  assert.is(run.code, 0, run.stdout + run.stderr);
  assert.match(readFileSync(join(cwd, "a.xml"), "utf8"), /failures="0"/);
  assert.match(readFileSync(join(cwd, "a.tap"), "utf8"), /^ok \d+ - stream/m);
  assert.match(readFileSync(join(cwd, "a.md"), "utf8"), /^## FIT FOR STREAMS/m);
  assert.not.match(readFileSync(join(cwd, "a.json"), "utf8"), new RegExp(token));
  const diff = await runCli(["path", "diff", "a.json", "a.json"], { cwd });
  assert.equal([diff.stdout, diff.code], ["no differences\n", 0]);
});

path("diff shows what got worse, and exits with 1", async () => {
  const before = JSON.parse(readFileSync(join(cwd, "a.json"), "utf8"));
  const answers = before.answers.map((one: { id: string }) =>
    one.id === "stream"
      ? { ...one, standing: "fault", text: "no: held back until the end of the answer" }
      : one,
  );
  writeFileSync(join(cwd, "b.json"), JSON.stringify({ ...before, answers }));
  const diff = await runCli(["path", "diff", "a.json", "b.json"], { cwd });
  assert.match(diff.stdout, /^worse stream: good \(.*\) → fault \(no: held back until the end/);
  assert.is(diff.code, 1);
});

path("the proof of one answer", async () => {
  const run = await runCli(["path", url, "--token", token, "--only", "stream", "--proof"], { cwd });
  assert.match(run.stdout, /write 4 \(65536 bytes\): sent at .*, arrived .* later/);
});

path("no origin, and a wrong token: no answer, with what to do", async () => {
  const none = await runCli(["path", "http://127.0.0.1:9/", "--token", token], { cwd });
  assert.match(
    none.stdout,
    /^NO ANSWER: no answer \(ECONNREFUSED\); start the origin, and route the URL to it/m,
  );
  const wrong = await runCli(["path", url, "--token", "tm-0000000000000000"], { cwd });
  assert.match(wrong.stdout, /^NO ANSWER: the origin is there, but its token is another one/m);
  assert.equal([none.code, wrong.code], [3, 3]);
});

path("an interrupted run through a proxy leaves no proxy behind", async () => {
  const program = ensureProgram("nginx");
  const file = join(cwd, "nginx.conf");
  writeFileSync(file, "server { listen 8080; location / { proxy_pass http://127.0.0.1:3000; } }\n");
  const own = mkdtempSync(join(cwd, "tmp-")); // others may run such a test at the same time
  const env = { PATH: `${dirname(program)}:${process.env.PATH}`, TMPDIR: own };
  let interrupted: Promise<number> | undefined;
  const run = await runCli(["path", "--through", file], {
    env,
    started(child) {
      interrupted = (async () => {
        for (;;) {
          const pidFile = readdirSync(own)
            .map((name) => join(own, name, "nginx.pid"))
            .find((path) => existsSync(path));
          const pid = pidFile === undefined ? 0 : Number(readFileSync(pidFile, "utf8"));
          if (pid > 0) return child.kill("SIGTERM") ? pid : 0;
          await new Promise((done) => setTimeout(done, 20));
        }
      })();
    },
  });
  const pid = await interrupted;
  assert.is(run.code, 3);
  assert.ok(pid);
  assert.throws(() => process.kill(pid, 0), /ESRCH/);
});

path("usage errors", async () => {
  const runs = [
    ["path"],
    ["path", url],
    ["path", url, "--token", token, "--only", "x"],
    ["path", "--inner", url],
  ];
  for (const args of runs) assert.is((await runCli(args, { cwd })).code, 2, args.join(" "));
});

path.run();
