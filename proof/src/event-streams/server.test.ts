// The plain servers of event streams do what their kinds say, and each changed one still opens a stream.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Kind, PLAIN } from "./behavior.ts";
import { STREAM_MUTANTS } from "./mutants/all.ts";
import { NULL_STREAMS } from "./nulls.ts";
import { STREAM_ODDITIES } from "./oddities/all.ts";
import { type StreamServer, startStreams } from "./server.ts";

async function serving(kind: Kind, use: (server: StreamServer) => Promise<void>): Promise<void> {
  const server = await startStreams(kind, PLAIN[kind]);
  try {
    await use(server);
  } finally {
    await server.close();
  }
}

/** The text of a stream, until it contains what the pattern says or ends. */
async function read(url: string, pattern: RegExp, init: RequestInit = {}): Promise<string> {
  const abort = new AbortController();
  const response = await fetch(url, { ...init, signal: abort.signal });
  assert.is(response.status, 200);
  assert.is(response.headers.get("content-type"), "text/event-stream");
  assert.ok(response.body);
  let text = "";
  for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (pattern.test(text)) break;
  }
  abort.abort();
  return text;
}

const ids = (text: string): number[] => [...text.matchAll(/^id: \w+-(\d+)$/gm)].map(([, n]) => Number(n));

test("the feed with a history continues after Last-Event-ID, and refuses an id that no event has", () =>
  serving("history", async ({ url }) => {
    const first = await read(url, /(?:id: [\s\S]*?){4}/);
    const [, id = ""] = /^id: (.*)$/m.exec(first) ?? [];
    const [n = 0] = ids(first);
    const next = await read(url, /(?:id: [\s\S]*?){4}/, { headers: { "Last-Event-ID": id } });
    assert.equal(ids(next).slice(0, 3), [n + 1, n + 2, n + 3]);
    assert.is((await fetch(url, { headers: { "Last-Event-ID": "nobody's" } })).status, 410);
  }));

test("the feed without ids has none, and a published payload is one event", () =>
  serving("live", async ({ url, publishUrl }) => {
    const reading = read(url, /data: end\n\n/);
    await fetch(publishUrl, { method: "POST", body: "two\nlines" });
    await fetch(publishUrl, { method: "POST", body: "end" });
    assert.not.match(await reading, /^id/m);
  }));

test("a run ends with its last event, and is over for a reader that has it", () =>
  serving("run", async ({ url }) => {
    const { headers } = await fetch(url, { method: "POST" });
    const own = new URL(headers.get("location") ?? "", url);
    const text = await read(own.href, /never/);
    assert.match(text, /event: done\ndata: \{\}\n\n$/);
    const [, last = ""] = /.*^id: ([^\n]*)$/ms.exec(text) ?? [];
    assert.is((await fetch(own, { headers: { "Last-Event-ID": last } })).status, 204);
  }));

test("a language model's stream ends with [DONE]", () =>
  serving("model", async ({ url }) => {
    assert.match(await read(url, /never/, { method: "POST", body: "{}" }), /data: \[DONE\]\n\n$/);
  }));

test("no two servers have the same id, and there are enough of them", () => {
  const named = [...STREAM_MUTANTS, ...STREAM_ODDITIES].map(({ id }) => id);
  assert.equal(
    named.filter((id, at) => named.indexOf(id) !== at),
    [],
  );
  assert.ok(STREAM_MUTANTS.length >= 70 && STREAM_ODDITIES.length >= 25 && NULL_STREAMS.length >= 10);
});

test.run();
