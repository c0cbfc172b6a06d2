// WHATWG's cases for `EventSource` that a Tidemark channel decides otherwise, with `protocol: "any"`.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { noClock } from "../../../testing/clients/no-clock.ts";
import {
  type Answering,
  end,
  foreign,
  hang,
  scriptedOrigin,
} from "../../../testing/servers/scripted-origin.ts";
import { gone, plain } from "../test/read-all.ts";
import { EventSource } from "./event-source.ts";

/** The events of a source until it is closed: type and state, or type, data and id. */
async function follow(...scripts: readonly Answering[]) {
  const origin = await scriptedOrigin(...scripts);
  const source = new EventSource(origin.url, { protocol: "any", delay: noClock().delay });
  const events: unknown[][] = [];
  await new Promise<void>((resolve) => {
    for (const type of ["open", "message", "price", "error"])
      source.addEventListener(type, ({ data, lastEventId }) => {
        events.push(data === undefined ? [type, source.readyState] : [type, data, lastEventId]);
        if (source.readyState === EventSource.CLOSED) resolve();
      });
  });
  await origin.close();
  return { events, asked: origin.asked };
}

test("dispatches any data and any id, resumes with Last-Event-ID, and adds no query", async () => {
  const { events, asked } = await follow(
    plain("id: a b\ndata: hello\n\nevent: price\ndata: 1\nid\n\n"),
    plain("id: …\n\n"),
    gone,
  );
  assert.equal(events, [
    ["open", 1],
    ["message", "hello", "a b"],
    ["price", "1", ""],
    ["error", 0],
    ["open", 1],
    ["error", 0],
    ["error", 2],
  ]);
  assert.equal(
    asked.map(({ query }) => query),
    [{}, {}, {}],
  );
  assert.equal(
    asked.map(({ headers }) => headers["last-event-id"] === undefined),
    [true, true, false],
  );
});

for (const status of [205, 210, 299, 404, 410])
  test(`an answer ${status} closes the source`, async () => {
    assert.equal((await follow(foreign(status))).events, [["error", 2]]);
  });

for (const type of ["x bogus", "text/x-bogus", "text/event-streamx"])
  test(`the media type ${type} closes the source`, async () => {
    assert.equal((await follow(plain("data: 1\n\n", end, type))).events, [["error", 2]]);
  });

test("a 503 is retried, unlike in WHATWG", async () => {
  assert.equal((await follow(foreign(503), plain("data: 1\n\n"), gone)).events.slice(0, 3), [
    ["error", 0],
    ["open", 1],
    ["message", "1", ""],
  ]);
});

test("open is fired by the head alone, and after close in its handler no message follows", async () => {
  for (const text of ["", "data: 1\n\n"]) {
    const origin = await scriptedOrigin(plain(text, hang));
    const source = new EventSource(origin.url, { protocol: "any" });
    source.onmessage = () => assert.unreachable();
    await new Promise<void>((resolve) => {
      source.onopen = () => resolve(source.close());
    });
    await origin.asked[0]?.gone;
    await origin.close();
  }
});

test("messages have the origin that answered", async () => {
  const other = await scriptedOrigin(plain("data: 1\n\n", hang));
  const origin = await scriptedOrigin((response) => {
    response.writeHead(307, { location: other.url });
    response.end();
  });
  const source = new EventSource(origin.url, { protocol: "any" });
  const event = await new Promise<MessageEvent>((resolve) => {
    source.onmessage = resolve;
  });
  assert.is(event.origin, new URL(other.url).origin);
  source.close();
  await Promise.all([origin.close(), other.close()]);
});

test.run();
