import { setImmediate as turn } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { until } from "../../../../testing/servers/serving.ts";
import { frameOf } from "../answer/frame.ts";
import { FetchRequest } from "./fetch-request.ts";
import { FetchSink } from "./fetch-sink.ts";

const text = new TextDecoder();

/** A sink with a writer that records what it is told. */
function opened({ drainTimeoutMs = 60_000, signal }: { drainTimeoutMs?: number; signal?: AbortSignal } = {}) {
  const errors: unknown[] = [];
  const told: string[] = [];
  const request = new Request("http://localhost/channels/a", signal ? { signal } : {});
  const visit = new FetchRequest(request, { channel: "a", search: "", host: "localhost" }, undefined);
  const settings = { drainTimeoutMs, plain: false, onError: (error: unknown) => void errors.push(error) };
  const sink = new FetchSink(visit, settings);
  sink.open({ drained: () => told.push("drained"), gone: () => told.push("gone") });
  const write = (blocks: string): boolean => {
    const frame = frameOf(blocks);
    assert.ok(frame);
    return sink.write(frame);
  };
  return { sink, visit, told, errors, write, reader: sink.stream.getReader() };
}

test("bytes are passed on while the reader waits, and otherwise at most one frame waits", async () => {
  const { sink, told, write, reader } = opened();
  assert.is(sink.begin("head"), false, "nobody waits yet");
  assert.is(text.decode((await reader.read()).value), "head");
  assert.equal(told, [], "the reader does not wait for more");
  const first = reader.read();
  await turn();
  assert.equal(told, ["drained"]);
  assert.is(write("1"), true);
  assert.is(text.decode((await first).value), "1");
  assert.is(write("2"), false);
  assert.is(text.decode((await reader.read()).value), "2");
  const last = reader.read();
  await turn();
  assert.equal(told, ["drained", "drained"]);
  sink.end();
  assert.is((await last).done, true);
  assert.equal(told, ["drained", "drained", "gone"]);
});

test("a large frame is passed on in slices, each when the reader asks, and the end follows it", async () => {
  const { sink, told, write, reader } = opened();
  const blocks = "x".repeat(200_000);
  assert.is(write(blocks), false);
  sink.end();
  assert.equal(told, [], "not over before the last byte is taken");
  let received = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    assert.ok(next.value.length <= 65_536);
    received += next.value.length;
  }
  assert.is(received, blocks.length);
  assert.equal(told, ["gone"]);
});

test("a reader that takes nothing is cut off, even if it never read at all", async () => {
  const { sink, told, reader } = opened({ drainTimeoutMs: 20 });
  sink.begin("head");
  await until(() => told.includes("gone"), "the stream is cut");
  let failure: unknown;
  await reader.read().catch((error) => (failure = error));
  assert.match(String(failure), /taken no bytes for 20 ms/);
});

test("a reader that waits is never cut off", async () => {
  const { sink, told, reader, write } = opened({ drainTimeoutMs: 5 });
  sink.begin("head");
  await reader.read();
  const next = reader.read();
  await until(() => told.length > 0, "the reader asks");
  const start = performance.now();
  await until(() => performance.now() - start > 30, "six drain timers have passed");
  assert.equal(told, ["drained"]);
  write("1");
  assert.is(text.decode((await next).value), "1");
});

test("cancelling the stream releases what it holds", async () => {
  const { sink, visit, told, reader, write } = opened();
  sink.begin("head");
  await reader.cancel();
  assert.equal([told, visit.isOver], [["gone"], true]);
  assert.is(write("later"), true, "nothing waits");
  sink.end();
  assert.equal(told, ["gone"]);
});

test("an aborted signal releases it too, and ends the stream for whoever still reads", async () => {
  const gone = new AbortController();
  const { sink, told, reader } = opened({ signal: gone.signal });
  sink.begin("head");
  gone.abort();
  assert.equal(told, ["gone"]);
  assert.is(text.decode((await reader.read()).value), "head");
  assert.is((await reader.read()).done, true);
});

test("a stream whose client left before it began is over at once", async () => {
  const { sink, told, reader } = opened({ signal: AbortSignal.abort() });
  assert.equal(told, ["gone"]);
  assert.is(sink.begin("head"), true);
  assert.is((await reader.read()).done, true);
});

test("a failure is reported, and the stream goes on to its end", async () => {
  const failure = new Error("the log is down");
  const { sink, told, errors, reader } = opened();
  sink.report(failure);
  assert.equal([errors, told], [[failure], []]);
  sink.end();
  assert.equal(told, ["gone"]);
  assert.is((await reader.read()).done, true);
});

test.run();
