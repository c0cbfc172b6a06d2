// `follow` as its users run it: a process, a terminal's signals, a pipe.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemoryLog } from "@tidemark/log-memory";
import { listen } from "@tidemark/server";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  type Answering,
  block,
  closing,
  cut,
  end,
  foreign,
  hang,
  json,
  page,
  problem,
  resumed,
  scriptedOrigin,
} from "../../../../testing/servers/scripted-origin.ts";
import { runCommand, startCommand, startInTerminal } from "../../test/command-run.ts";
import { publish } from "../index.ts";

const server = await listen(new MemoryLog(), { port: 0 });
const url = server.url.replace("{channel}", "terminal");
const { cursors } = await publish(url, [
  { event: "news", data: { a: 1 } },
  { data: "b" },
  { data: "\u001b[2J\u009b\u202e" },
]);

/** A stream of a server that is not ours. */
function plain(body: string, then: Answering = end): Answering {
  return (response, asked) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(body);
    return then(response, asked);
  };
}

const gone: Answering = (response) => {
  response.writeHead(204, {});
  response.end();
};

async function followed(scripts: readonly Answering[], ...options: readonly string[]) {
  const origin = await scriptedOrigin(...scripts);
  const result = await runCommand(["follow", origin.url, ...options]);
  await origin.close();
  return { ...result, asked: origin.asked };
}

test("prints JSON lines; Ctrl-C and SIGTERM print where to resume", async () => {
  for (const [signal, expected] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    const { child, ended, printed } = startCommand(["follow", url]);
    await printed(3);
    child.kill(signal);
    const { out, err, code } = await ended;
    assert.is(code, expected);
    assert.is(err, `tidemark-client: resume with --from=${cursors[2]}\n`);
    assert.equal(out.slice(0, 2), [
      `{"cursor":"${cursors[0]}","event":"news","data":{"a":1}}`,
      `{"cursor":"${cursors[1]}","data":"b"}`,
    ]);
    assert.is(out[2], `{"cursor":"${cursors[2]}","data":"\\u001b[2J\\u009b\\u202e"}`);
  }
});

test("--from end resumes at the end that it found, although nothing was printed", async () => {
  const atEnd = json({ messages: [], cursor: "E5", more: false });
  let asksAgain = (): void => {};
  const asked = new Promise<void>((resolve) => {
    asksAgain = resolve;
  });
  const origin = await scriptedOrigin(atEnd, () => asksAgain());
  const { child, ended } = startCommand(["follow", origin.url, "--from=end", "--mechanism=long-polling"]);
  await asked;
  child.kill("SIGINT");
  const { code, err } = await ended;
  await origin.close();
  assert.equal([code, err], [130, "tidemark-client: resume with --from=E5\n"]);
});

test("--store resumes after what was printed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "follow-"));
  const store = join(folder, "cursor");
  for (const [text, id] of [
    ["P1", "P0"],
    ["P2", "P1"],
  ] as const) {
    const { out, code, asked } = await followed(
      [resumed("P0", block(text) + closing(text))],
      "--store",
      store,
    );
    assert.equal([out, code], [[`{"cursor":"${text}","data":"${text}"}`], 0]);
    if (text === "P2") assert.is(asked[0]?.query.after, id);
    assert.is((await readFile(store, "utf8")).trim(), text);
  }
  await rm(folder, { recursive: true });
});

test("after a cut it reconnects, and says so", async () => {
  const scripts = [resumed("P0", block("P1"), cut), resumed("P1", block("P2") + closing("P2"))];
  const { out, err, code } = await followed(scripts, "--mechanism", "sse");
  assert.equal([out.map((line) => JSON.parse(line).cursor), code], [["P1", "P2"], 0]);
  assert.match(err, /\[cut\] .*; retrying in \d s/);
});

test("lost messages exit with 1, or continue with --on-gap", async () => {
  const gap = problem(410, "gap", { requested: "P1", start: "P4", end: "P9", reason: "trimmed" });
  const { code, err, out } = await followed([gap], "--from", "P1", "--mechanism", "polling");
  assert.equal([code, out], [1, []]);
  assert.match(err, "continue with --on-gap start");
  const scripts = [gap, page(["P5"], { closed: true } as object)];
  const more = await followed(scripts, "--from", "P1", "--mechanism", "polling", "--on-gap", "start");
  assert.equal([more.code, more.out.length], [0, 1]);
  assert.is(more.asked[1]?.query.after, "P4");
});

test("wrong servers and refusals end it at once, with exit code 1", async () => {
  for (const [script, expected] of [
    [foreign(200), "is the path right? --mechanism event-stream"],
    [foreign(404), "an answer 404 (text/html) without a Tidemark header"],
    [problem(401, "unauthorized"), "[unauthorized]"],
    [problem(404, "no-such-channel"), "[no-such-channel]"],
  ] as const) {
    const { code, out, err } = await followed([script]);
    assert.equal([code, out], [1, []]);
    assert.match(err, expected);
  }
  for (const options of [[], ["--mechanism", "event-stream"]]) {
    const { code, err } = await runCommand(["follow", "http://127.0.0.1:9/", ...options]);
    assert.is(code, 1);
    assert.match(err, /\[unreachable\].*(ECONNREFUSED|bad port)|blocks this port/);
  }
  const { code, err } = await followed([foreign(404)], "--mechanism", "event-stream");
  assert.is(code, 1);
  assert.match(err, "[404]");
});

test("recognises a plain event stream, resumes by id, and ends at 204", async () => {
  const { out, code, err, asked } = await followed(
    [plain("data: never shown\n\n", hang), plain("id: 7\ndata: hello\n\n"), gone],
    "--header",
    "x-a: 1",
  );
  assert.equal([out, code], [['{"id":"7","event":"message","data":"hello"}'], 0]);
  assert.match(err, "not a Tidemark server: reading its event stream");
  assert.equal(
    asked.slice(1).map(({ headers, query }) => [headers["last-event-id"], headers["x-a"], query]),
    [
      [undefined, "1", {}],
      ["7", "1", {}],
    ],
  );
});

test("reads a plain stream from an id, once, and keeps the last id in a file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "follow-"));
  const options = ["--mechanism", "event-stream", "--once", "--store", join(folder, "id")];
  const first = await followed([plain("id: 7\ndata: a\n\ndata: b\n\n")], ...options, "--from", "6");
  assert.equal([first.code, first.out.length, first.err], [0, 2, ""]);
  const second = await followed([plain("data: c\n\n")], ...options, "--from", "6");
  assert.is(second.code, 0);
  const ids = [first, second].map(({ asked }) => asked.map(({ headers }) => headers["last-event-id"]));
  assert.equal(ids, [["6"], ["7"]]);
  await rm(folder, { recursive: true });
});

test("it ends with 0 when the reader of its output has ended", async () => {
  const { child, ended, printed } = startCommand(["follow", url]);
  await printed(3);
  child.stdout.destroy();
  await publish(url, { data: 4 });
  const { code, err } = await ended;
  assert.equal([code, err], [0, ""]);
});

test("a terminal gets colours and no control characters; Ctrl-C works there", async () => {
  for (const [env, options, expected] of [
    [{ NO_COLOR: "" }, [], `\u001b[2m${cursors[0]}\u001b[22m \u001b[36mnews\u001b[39m {"a":1}`],
    [{ NO_COLOR: "1" }, [], `${cursors[0]} news {"a":1}`],
    [{ NO_COLOR: "" }, ["--json"], `{"cursor":"${cursors[0]}","event":"news","data":{"a":1}}`],
  ] as const) {
    const { child, ended, printed } = startInTerminal(["follow", url, ...options], { TERM: "xterm", ...env });
    const lines = await printed(3);
    assert.is(lines[0], expected);
    for (const raw of ["\u001b[2J", "\u009b", "\u202e"]) assert.not.ok(lines[2]?.includes(raw));
    child.stdin.write("\u0003");
    const { out, code } = await ended;
    assert.is(code, 130);
    assert.match(out.at(-1) ?? "", "resume with --from=");
  }
});

test.after(() => server.close({ windowMs: 0 }));
test.run();
