// Streams of servers that know nothing of Tidemark: WHATWG's cases, reconnection, time limits, requests.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fastWatchdogs } from "../../../../testing/clients/fast-watchdogs.ts";
import { noClock } from "../../../../testing/clients/no-clock.ts";
import {
  type Answering,
  cut,
  end,
  foreign,
  hang,
  scriptedOrigin,
} from "../../../../testing/servers/scripted-origin.ts";
import { gone, idsSent, plain, read } from "../../test/read-all.ts";
import { type EventStreamOptions, readEventStream, type StreamEvent } from "../event-stream.ts";

const e = (data: string, id = "", event = "message"): StreamEvent => ({ event, data, id });

const FORMS: Readonly<Record<string, readonly [string, readonly StreamEvent[]]>> = {
  "a byte order mark": ["\ufeffdata: 1\n\n\ufeffdata: 2\n\ndata: 3\n\n", [e("1"), e("3")]],
  "comments between and inside events": [":\n\n: x\ndata: 1\n:y\ndata: 2\n\n", [e("1\n2")]],
  "CR, LF and CRLF": [
    "data: 1\r\rdata: 2\n\ndata: 3\r\n\r\ndata: 4\r\ndata: 5\n\r",
    ["1", "2", "3", "4\n5"].map((data) => e(data)),
  ],
  "an event without its empty line": ["data: 1\n\nid: 9\ndata: 2\n", [e("1")]],
  "fields without colon or value": ["data\n\nevent:\ndata:\ndata\n\n", [e(""), e("\n")]],
  "ids that change, stay and are reset": [
    "id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n",
    [e("a", "1"), e("b", "1"), e("c")],
  ],
  "an id with NUL": ["id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n", [e("a", "1"), e("b", "1")]],
  "names, also error and open": [
    "event: error\ndata: 1\n\nevent: open\ndata: 2\n\n",
    [e("1", "", "error"), e("2", "", "open")],
  ],
  "unknown fields": ["Data: 1\n data: 2\ndatas: 3\ndata:  4\n\n", [e(" 4")]],
};

for (const [name, [text, expected]] of Object.entries(FORMS))
  test(`reads ${name}, whole and byte by byte`, async () => {
    const bytes = new TextEncoder().encode(text);
    const slowly: Answering = async (response) => {
      for (const byte of bytes)
        await new Promise<void>((resolve) => response.write(Uint8Array.of(byte), () => resolve()));
      response.end();
    };
    for (const script of [plain(bytes), plain("", slowly)])
      assert.equal((await read([script, gone])).items, expected);
  });

test("comments are yielded on request, in order", async () => {
  const { items } = await read([plain(": hi\ndata: 1\n\n:there\n"), gone], {
    comments: true,
  } as EventStreamOptions);
  assert.equal(items, [{ comment: "hi" }, e("1"), { comment: "there" }]);
});

test("resumes with the id of the last whole event, across answers without an id, and sends UTF-8", async () => {
  const seen = await read([
    plain("data: 1\nid: ü1\n\ndata: 2\nid: 2\n", cut),
    plain("data: 3\n\n"),
    plain("id: 4\n\n"),
    plain("id\n\n"),
    gone,
  ]);
  assert.equal(seen.items, [e("1", "ü1"), e("3", "ü1")]);
  const utf8 = String.fromCharCode(...new TextEncoder().encode("ü1"));
  assert.equal(idsSent(seen), [undefined, utf8, utf8, "4", undefined]);
  assert.equal(idsSent(await read([gone], { lastEventId: "7" })), ["7"]);
});

test("an id that no header can hold ends the reading with a TypeError", async () => {
  for (const id of ["a\u0001", "x".repeat(5_000)]) {
    const { error, origin } = await read([plain(`id: ${id}\ndata: 1\n\n`), gone]);
    assert.instance(error, TypeError);
    assert.is(origin.asked.length, 1);
  }
});

test("temporary refusals are retried; waits follow retry, Retry-After and the failures", async () => {
  const { items, waits } = await read([
    foreign(503, { "retry-after": "7" }),
    foreign(429),
    plain("retry: 3000\n\ndata: 1\n\n"),
    plain("retry: 1x\n\nretry: 0\ndata: 2\n\n"),
    gone,
  ]);
  assert.equal(items, [e("1"), e("2")]);
  assert.is(waits[0], 7_000);
  assert.is(waits[2], 3_000);
  const [, random = 0, , least = -1] = waits; // the last one is what is left of 250 ms since the attempt began
  assert.ok(random > 0 && least >= 0 && least <= 250, `${waits}`);
});

test("other refusals, and answers that are no stream, throw at once", async () => {
  for (const status of [400, 403, 404, 410, 501])
    assert.match(String((await read([foreign(status), gone])).error), `[${status}]`);
  for (const script of [
    foreign(200),
    foreign(205),
    foreign(210),
    plain("", end, "text/event-streamx"),
    plain("", end, "x bogus"),
  ])
    assert.match(String((await read([script, gone])).error), "is not an event stream");
  const portal = await read([plain("data: 1\n\n"), foreign(200), plain("data: 2\n\n"), gone]);
  assert.equal(portal.items, [e("1"), e("2")]);
});

test("onAnswer can read the body of a refusal", async () => {
  let body = "";
  const onAnswer = async (response: Response) => {
    body = await response.text();
  };
  const { error } = await read([foreign(400)], { onAnswer });
  assert.match(String(error), "[400]");
  assert.match(body, "Welcome");
});

test("a stream without a byte for silenceMs is replaced; comments keep it alive", async () => {
  const seen = await read([plain("data: 1\nid: 1\n\n", hang), gone], {
    silenceMs: 3_000,
    delay: fastWatchdogs,
  });
  assert.equal([seen.items, idsSent(seen)], [[e("1", "1")], [undefined, "1"]]);
  const silent = await read([hang, gone], { connectTimeoutMs: 3_000, delay: fastWatchdogs });
  assert.ok(silent.origin.asked.length >= 2); // on a busy machine, the second answer can be late too
});

test("a model's stream: POST with a body, a renewed token, a cut, and the last event", async () => {
  const done = ({ data }: StreamEvent) => data === "[DONE]";
  const asked: boolean[] = [];
  const headers = ({ unauthorized }: { unauthorized: boolean }) => {
    asked.push(unauthorized);
    return { authorization: unauthorized ? "new" : "old" };
  };
  const seen = await read(
    [
      foreign(401),
      plain("id: 1\ndata: a\n\n", cut),
      plain("id: 2\ndata: b\n\nid: 3\ndata: [DONE]\n\n", hang),
    ],
    { method: "post", body: '{"q":1}', headers, until: done },
  );
  assert.equal(seen.items, [e("a", "1"), e("b", "2"), e("[DONE]", "3")]);
  assert.equal(
    [asked, idsSent(seen)],
    [
      [false, true, false],
      [undefined, undefined, "1"],
    ],
  );
  for (const { method, body } of seen.origin.asked) assert.equal([method, body], ["POST", '{"q":1}']);
  assert.match(String((await read([foreign(401)], { headers })).error), "[401]");
});

test("a POST is repeated only if that is safe", async () => {
  const half = plain("data: a\n\n", cut);
  const post = { method: "POST", body: "x" };
  assert.match(String((await read([half, gone], post)).error), "[cut]");
  for (const safe of [{ repeat: true }, { headers: { "Idempotency-Key": '"1"' } }])
    assert.is((await read([half, gone], { ...post, ...safe })).origin.asked.length, 2);
  const whole = await read([plain("data: a\n\n")], post);
  assert.equal([whole.items, whole.error], [[e("a")], undefined]);
  const { error } = await read([plain("data: a\n\n")], { ...post, until: () => false });
  assert.match(String(error), "before its last event");
});

test("a function makes the request of every attempt", async () => {
  const origin = await scriptedOrigin(plain("id: 1\ndata: a\n\n"), gone);
  const ids: string[] = [];
  const source = ({ lastEventId }: { lastEventId: string }) => {
    ids.push(lastEventId);
    return new Request(origin.url, { method: "POST", body: `n${ids.length}`, headers: { "x-a": "1" } });
  };
  const events = readEventStream(source, { repeat: true, delay: noClock().delay, onRetry: () => {} });
  for await (const { data } of events) assert.is(data, "a");
  assert.equal(ids, ["", "1"]);
  assert.equal(
    origin.asked.map(({ body, headers }) => [body, headers["x-a"]]),
    [
      ["n1", "1"],
      ["n2", "1"],
    ],
  );
  assert.is(events.lastEventId, "1");
  await origin.close();
});

test("break, return and signal close the connection; an event above the bound throws", async () => {
  const stop = new AbortController();
  const origin = await scriptedOrigin(plain("data: 1\n\n", hang));
  for await (const _ of readEventStream(origin.url)) break;
  const waiting = readEventStream(origin.url);
  await waiting.next();
  const pending = waiting.next();
  await waiting.return();
  assert.is((await pending).done, true);
  for await (const _ of readEventStream(origin.url, { signal: stop.signal })) stop.abort();
  await Promise.all(origin.asked.map(({ gone }) => gone));
  assert.is(origin.asked.length, 3);
  await origin.close();
  const { items, error } = await read([plain(`data: 1\n\ndata: ${"x".repeat(99)}\n\n`)], {
    maxEventBytes: 50,
  });
  assert.equal(items, [e("1")]);
  assert.instance(error, RangeError);
});

test("URLs and bodies that can never work throw at once; giveUpAfterMs limits the retries", async () => {
  for (const url of ["http://[", "ftp://localhost/", "http://user:secret@localhost/"])
    assert.throws(() => readEventStream(url), TypeError);
  assert.throws(
    () => readEventStream("http://localhost/", { body: new ReadableStream() as never }),
    TypeError,
  );
  assert.match(String((await read([foreign(502)], { giveUpAfterMs: 0 })).error), "[502]");
});

test.run();
