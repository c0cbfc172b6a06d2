// `publish` as its users run it: a process, its input, its exit code.
import { MemoryLog } from "@tidemark/log-memory";
import { listen } from "@tidemark/server";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { json, problem, scriptedOrigin } from "../../../../testing/servers/scripted-origin.ts";
import { runCommand, startCommand } from "../../test/command-run.ts";
import { subscribe } from "../index.ts";

const server = await listen(new MemoryLog(), { port: 0 });
const urlOf = (channel: string) => server.url.replace("{channel}", channel);

/** The messages of a closed channel. */
async function messagesOf(url: string): Promise<unknown[]> {
  const messages: unknown[] = [];
  for await (const { event, data } of subscribe(url)) messages.push([event, data]);
  return messages;
}

test("publishes its arguments together, then lines, and closes the channel", async () => {
  const url = urlOf("terminal");
  const first = await runCommand(["publish", url, '{"a":1}', '"b"', "--event", "news"]);
  assert.equal([first.code, first.out.length, first.err], [0, 2, ""]);
  const second = await runCommand(["publish", url], '3\n\n"4"\r\n[5]');
  assert.equal([second.code, second.out.length, second.err], [0, 3, ""]);
  const third = await runCommand(["publish", url, "6", "--close"]);
  assert.is(third.code, 0);
  assert.equal(await messagesOf(url), [
    ["news", { a: 1 }],
    ["news", "b"],
    [undefined, 3],
    [undefined, "4"],
    [undefined, [5]],
    [undefined, 6],
  ]);
  const late = await runCommand(["publish", url, "7"]);
  assert.equal([late.code, late.out], [1, []]);
  assert.match(late.err, "[closed]");
});

test("lines that arrive together share requests, in order", async () => {
  const url = urlOf("lines");
  const numbers = Array.from({ length: 250 }, (_, index) => index);
  const { code, out } = await runCommand(["publish", url], numbers.join("\n"));
  assert.equal([code, out.length], [0, 250]);
  await runCommand(["publish", url, "--close"]);
  assert.equal(
    await messagesOf(url),
    numbers.map((number) => [undefined, number]),
  );
});

test("a line that is not JSON stops it, after the lines before", async () => {
  const url = urlOf("broken-line");
  const { code, out, err } = await runCommand(["publish", url], "1\n2\nthree\n4\n");
  assert.equal([code, out.length], [1, 2]);
  assert.match(err, "line 3 is not JSON");
  const { code: usage, err: text } = await runCommand(["publish", url, "hello"]);
  assert.is(usage, 2);
  assert.match(text, "message 1 is not JSON");
  assert.match(text, "--help lists");
});

test("failures exit with 1 and say why", async () => {
  const origin = await scriptedOrigin(problem(401, "unauthorized", { detail: "who are you?\u001b[31m" }));
  const refused = await runCommand(["publish", origin.url, "1"]);
  await origin.close();
  assert.equal([refused.code, refused.out], [1, []]);
  assert.is(refused.err, "tidemark-client: [unauthorized] who are you?\\u001b[31m\n");
  const closed = await runCommand(["publish", origin.url, "1", "--give-up", "0"]);
  assert.is(closed.code, 1);
  assert.match(closed.err, "[unreachable]");
  assert.match(closed.err, "ECONNREFUSED");
});

test("Ctrl-C ends it while it waits for a line", async () => {
  const { child, ended, printed } = startCommand(["publish", urlOf("waiting")]);
  child.stdin.write("1\n");
  await printed(1);
  child.kill("SIGINT");
  assert.is((await ended).code, 130);
});

test("it stops with 1 if nobody reads the cursors any more", async () => {
  const origin = await scriptedOrigin(json({ cursors: ["C1"], cursor: "C1" }));
  const { child, ended, printed } = startCommand(["publish", origin.url]);
  child.stdin.on("error", () => {}); // the program may end first
  child.stdin.write("1\n");
  await printed(1);
  child.stdout.destroy();
  child.stdin.write("2\n");
  const { code, err } = await ended;
  await origin.close();
  assert.is(code, 1);
  assert.match(err, "EPIPE");
});

test.after(() => server.close({ windowMs: 0 }));
test.run();
