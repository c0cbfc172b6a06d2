// The command as its users run it: a process, a terminal's signals, a pipe.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { MemoryLog } from "@tidemark/log-memory";
import { listen } from "@tidemark/server";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { scriptedOrigin } from "../../../../testing/servers/scripted-origin.ts";
import { mainOf } from "../../../../tools/launch.mjs";
import { publish } from "../index.ts";

const server = await listen(new MemoryLog(), { port: 0 });
const url = server.url.replace("{channel}", "terminal");

function start(...args: string[]) {
  const child = spawn(process.execPath, [...mainOf("packages/client"), ...args]);
  let out = "";
  const lines = () => out.split("\n").slice(0, -1);
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    out += chunk;
  });
  const all = Promise.all([text(child.stderr), once(child, "close")]);
  const ended = all.then(([err, [code]]) => ({ out: lines(), err, code }));
  /** Wait until the program has printed this many lines. */
  const printed = async (count: number): Promise<void> => {
    while (lines().length < count) await once(child.stdout, "data");
  };
  return { child, ended, printed };
}

async function run(args: readonly string[], input = "") {
  const { child, ended } = start(...args);
  child.stdin.end(input);
  return ended;
}

test("--help prints all options; wrong usage exits with 2", async () => {
  const { out, code } = await run(["--help"]);
  assert.is(code, 0);
  assert.match(out.join("\n"), "--mechanism");
  for (const args of [
    [],
    ["watch"],
    ["follow"],
    ["follow", url, "--nope"],
    ["follow", url, "--close"],
    ["follow", url, "--mechanism", "smoke"],
    ["publish", url, "hello"],
    ["publish", url, "1", "--header", "a b:1"],
  ]) {
    const { code, err } = await run(args);
    assert.is(code, 2, args.join(" "));
    assert.match(err, "--help lists");
  }
});

test("publishes arguments and lines; follow prints JSON lines; Ctrl-C prints where to resume", async () => {
  const first = await run(["publish", url, '{"a":1}', '"b"', "--event", "news"]);
  assert.equal([first.code, first.out.length], [0, 2]);
  const second = await run(["publish", url], '3\n\n"4"\n');
  assert.equal([second.code, second.out.length], [0, 2]);
  const cursors = [...first.out, ...second.out].map((line) => JSON.parse(line).cursor);
  const { child, ended, printed } = start("follow", url);
  await printed(4);
  child.kill("SIGINT");
  const { out, err, code } = await ended;
  assert.is(code, 130);
  assert.match(err, `resume with --from ${cursors[3]}`);
  const messages = out.map((line) => JSON.parse(line));
  assert.equal(
    messages.map(({ cursor, event, data }) => [cursor, event, data]),
    [
      [cursors[0], "news", { a: 1 }],
      [cursors[1], "news", "b"],
      [cursors[2], undefined, 3],
      [cursors[3], undefined, "4"],
    ],
  );
  await publish(url, [], { close: true });
  const rest = await run(["follow", url, "--from", cursors[2] ?? ""]);
  assert.equal([rest.code, rest.out.length], [0, 1]);
  assert.is((await run(["publish", url, "5"])).code, 1);
});

test("follow reads a plain event stream", async () => {
  const origin = await scriptedOrigin(
    (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end("id: 7\ndata: hello\n\n");
    },
    (response) => {
      response.writeHead(204, {});
      response.end();
    },
  );
  const { out, code } = await run([
    "follow",
    origin.url,
    "--mechanism",
    "event-stream",
    "--from",
    "6",
    "--header",
    "x-a: 1",
  ]);
  assert.equal([out, code], [['{"cursor":"7","event":"message","data":"hello"}'], 0]);
  assert.equal(
    origin.asked.map(({ headers }) => [headers["last-event-id"], headers["x-a"]]),
    [
      ["6", "1"],
      ["7", "1"],
    ],
  );
  await origin.close();
});

test.after(() => server.close({ windowMs: 0 }));
test.run();
