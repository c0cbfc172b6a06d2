// What code written for the platform's EventSource relies on (WHATWG HTML, 9.2).
import { getEventListeners } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { noClock } from "../../../testing/clients/no-clock.ts";
import {
  block,
  closing,
  foreign,
  hang,
  opening,
  resumed,
  scriptedOrigin,
  stream,
  TIDEMARK,
} from "../../../testing/servers/scripted-origin.ts";
import { EventSource } from "./event-source.ts";

const done = resumed("P0", block("P1") + closing("P1"));

function once<E extends Event>(source: EventTarget, type: string): Promise<E> {
  return new Promise((resolve) =>
    source.addEventListener(type, (event) => resolve(event as E), { once: true }),
  );
}

test("it is accepted where the platform's EventSource is expected", () => {
  // Checked by the compiler.
  const make: (url: string) => globalThis.EventSource = (url) => new EventSource(url, { protocol: "any" });
  const Constructor: typeof globalThis.EventSource = EventSource;
  const source = make("http://127.0.0.1:1/");
  source.onerror = (event) => event.type;
  source.onmessage = function ({ data, lastEventId, origin }) {
    this.close();
    return [data, lastEventId, origin];
  };
  source.addEventListener("message", ({ data }) => data);
  source.addEventListener("price", { handleEvent: ({ type }) => type });
  source.close();
  assert.is(Constructor.CLOSED, source.readyState);
});

test("the constants are on the class and on its prototype, and cannot be changed", () => {
  for (const target of [EventSource, EventSource.prototype])
    for (const [name, value] of Object.entries({ CONNECTING: 0, OPEN: 1, CLOSED: 2 }))
      assert.equal(Object.getOwnPropertyDescriptor(target, name), {
        value,
        enumerable: true,
        writable: false,
        configurable: false,
      });
});

test("attributes are accessors of the prototype", () => {
  for (const name of ["url", "withCredentials", "readyState", "onopen", "onmessage", "onerror"]) {
    const property = Object.getOwnPropertyDescriptor(EventSource.prototype, name);
    assert.type(property?.get, "function", name);
    assert.is(property?.enumerable, true, name);
    assert.is(property?.set !== undefined, name.startsWith("on"), name);
  }
  const source = new EventSource("http://127.0.0.1:1/");
  assert.equal(Object.keys(source), []);
  assert.is(String(source), "[object EventSource]");
  assert.is(source.onopen, null);
  source.close();
});

test("a handler keeps its place among the listeners, and can be replaced and removed", async () => {
  const origin = await scriptedOrigin(done);
  const source = new EventSource(origin.url, { delay: noClock().delay });
  const called: string[] = [];
  source.onmessage = () => called.push("gone");
  source.addEventListener("message", () => called.push("listener"));
  source.onmessage = null;
  source.onmessage = () => called.push("replaced");
  source.onmessage = () => called.push("handler");
  source.onopen = () => called.push("open");
  source.onopen = "no function" as never;
  assert.is(source.onopen, null);
  await once(source, "error");
  assert.equal(called, ["listener", "handler"]);
  await origin.close();
});

test("an invalid URL and an invalid position throw", () => {
  try {
    new EventSource("http://[");
    assert.unreachable();
  } catch (error) {
    assert.instance(error, DOMException);
    assert.is((error as DOMException).name, "SyntaxError");
  }
  assert.throws(() => new EventSource("http://127.0.0.1:1/", { after: "not a cursor!" }), TypeError);
});

test("a URL that can never work closes the source, with an error event and no unhandled rejection", async () => {
  for (const url of ["ftp://localhost/", "about:blank", "http://user:secret@127.0.0.1/"]) {
    const source = new EventSource(url);
    const event = await once<Event & { error?: Error }>(source, "error");
    assert.instance(event.error, TypeError);
    assert.is(source.readyState, EventSource.CLOSED);
  }
});

test("after close in a handler of open, no message is dispatched or stored", async () => {
  for (const text of [opening("P0") + block("P1") + block("P2"), block("P1") + block("P2")]) {
    const origin = await scriptedOrigin(stream(text, hang));
    const saved: string[] = [];
    const store = { load: () => undefined, save: (cursor: string) => void saved.push(cursor) };
    const source = new EventSource(origin.url, { store });
    source.onmessage = () => assert.unreachable();
    source.onopen = () => source.close();
    await once(source, "open");
    await origin.asked[0]?.gone;
    assert.equal([source.readyState, saved], [2, []]);
    await origin.close();
  }
});

test("closed sources leave no listener on a shared signal, and can be garbage-collected", async () => {
  const { signal } = new AbortController();
  const openAndClose = (): WeakRef<EventSource>[] => {
    const sources = Array.from({ length: 200 }, () => new EventSource("http://127.0.0.1:1/", { signal }));
    assert.is(getEventListeners(signal, "abort").length, 1);
    for (const source of sources) source.close();
    return sources.map((source) => new WeakRef(source));
  };
  const refs = openAndClose();
  assert.is(getEventListeners(signal, "abort").length, 0);
  setFlagsFromString("--expose-gc");
  const gc: () => void = runInNewContext("gc");
  for (let tries = 0; tries < 50 && refs.some((ref) => ref.deref()); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    gc();
  }
  assert.is(refs.filter((ref) => ref.deref()).length, 0);
});

test("an aborted signal closes the source, and an ended source has no listener on it", async () => {
  const stop = new AbortController();
  const origin = await scriptedOrigin(done);
  const ended = new EventSource(origin.url, { signal: stop.signal, delay: noClock().delay });
  await once(ended, "error");
  assert.is(getEventListeners(stop.signal, "abort").length, 0);
  const source = new EventSource(origin.url, { signal: stop.signal });
  stop.abort();
  assert.is(source.readyState, EventSource.CLOSED);
  await origin.close();
});

test("every failure fires an error event, even if the wait is zero", async () => {
  const origin = await scriptedOrigin(foreign(502), foreign(502), foreign(502), done);
  const source = new EventSource(origin.url, { retryDelayMs: () => 0, delay: noClock().delay });
  const states: number[] = [];
  source.onerror = () => states.push(source.readyState);
  while (source.readyState !== EventSource.CLOSED) await once(source, "error");
  assert.equal(states, [0, 0, 0, 2]);
  await origin.close();
});

test("any white space is accepted before the parameters of the media type", async () => {
  for (const type of ["text/event-stream\t;charset=utf-8", "text/event-stream ;x", "text/event-stream \t"]) {
    const origin = await scriptedOrigin((response) => {
      response.writeHead(200, { tidemark: TIDEMARK, "content-type": type });
      response.end(opening("P0") + block("P1") + closing("P1"));
    });
    const source = new EventSource(origin.url);
    assert.is((await once<MessageEvent>(source, "message")).data, '"P1"');
    source.close();
    await origin.close();
  }
});

test("messages have the origin that answered, and a redirect that drops the query leaves no stream open", async () => {
  const other = await scriptedOrigin(resumed("P0", block("X1"), hang), done);
  const origin = await scriptedOrigin((response) => {
    response.writeHead(307, { location: other.url });
    response.end();
  });
  const source = new EventSource(origin.url, { after: "P0" });
  const event = await once<MessageEvent>(source, "message");
  assert.equal([event.origin, event.lastEventId], [new URL(other.url).origin, "P1"]);
  await other.asked[0]?.gone;
  source.close();
  await Promise.all([origin.close(), other.close()]);
});

test("without an error listener, the first error is reported by console.warn", async () => {
  const { warn } = console;
  const warnings: unknown[] = [];
  console.warn = (text: unknown) => void warnings.push(text);
  try {
    for (const [listen, expected] of [
      [() => {}, 1],
      [(source: EventSource) => (source.onerror = () => {}), 0],
      [(source: EventSource) => source.addEventListener("error", () => {}), 0],
    ] as const) {
      const origin = await scriptedOrigin(foreign(404), foreign(404), done);
      const source = new EventSource(origin.url, { delay: noClock().delay });
      listen(source);
      await once(source, "message");
      source.close();
      await origin.close();
      assert.is(warnings.splice(0).length, expected);
    }
  } finally {
    console.warn = warn;
  }
});

test.run();
