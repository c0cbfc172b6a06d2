// A stop takes effect at once, in whichever callback the application stops.

import { getEventListeners } from "node:events";
import { MemoryLog } from "@tidemark/log-memory";
import { listen } from "@tidemark/server";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cut, page, problem, scriptedOrigin } from "../../../testing/servers/scripted-origin.ts";
import { type CursorStore, publish, type SubscribeOptions, subscribe } from "./index.ts";

const server = await listen(new MemoryLog(), { port: 0 });
const url = server.url.replace("{channel}", "stop");
await publish(url, [{ data: 1 }, { data: 2 }, { data: 3 }]);

type Stops = (stop: () => void) => SubscribeOptions;

const callbacks: Readonly<Record<string, Stops>> = {
  "onState, connecting": (stop) => ({ onState: ({ phase }) => phase === "connecting" && stop() }),
  "onState, live": (stop) => ({ onState: ({ phase }) => phase === "live" && stop() }),
  headers: (stop) => ({
    headers: () => {
      stop();
      return {};
    },
  }),
  fetch: (stop) => ({
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      stop();
      return response;
    },
  }),
};

const mechanisms = ["sse", "long-polling", "polling"] as const;

for (const mechanism of mechanisms) {
  for (const [name, stops] of Object.entries(callbacks)) {
    test(`${mechanism}: nothing is delivered or stored after a stop in ${name}`, async () => {
      const stopping = new AbortController();
      const phases: string[] = [];
      const saved: string[] = [];
      const store: CursorStore = { load: () => undefined, save: (cursor) => void saved.push(cursor) };
      const options = stops(() => stopping.abort());
      const subscription = subscribe(url, {
        mechanism,
        store,
        signal: stopping.signal,
        ...options,
        onState(state) {
          if (stopping.signal.aborted) phases.push(state.phase);
          options.onState?.(state);
        },
      });
      for await (const _ of subscription) assert.unreachable();
      assert.equal([saved, phases], [[], ["ended"]]);
      assert.is(getEventListeners(stopping.signal, "abort").length, 0);
    });
  }

  test(`${mechanism}: a stop inside a store's save ends the subscription after that message`, async () => {
    const stopping = new AbortController();
    const saved: string[] = [];
    const store: CursorStore = {
      load: () => undefined,
      save(cursor) {
        saved.push(cursor);
        stopping.abort();
      },
    };
    const seen: unknown[] = [];
    for await (const { data } of subscribe(url, { mechanism, store, signal: stopping.signal }))
      seen.push(data);
    assert.ok(seen.length <= 1 && saved.length === 1, `${seen} ${saved}`);
  });
}

test("a stop before the first request prevents it, and does not call the headers function", async () => {
  const origin = await scriptedOrigin(page(["P1"]));
  const stopping = new AbortController();
  const subscription = subscribe(origin.url, {
    signal: stopping.signal,
    headers: () => assert.unreachable() as never,
    onState: () => stopping.abort(),
  });
  assert.equal(await subscription.next(), { done: true, value: undefined });
  assert.is(origin.asked.length, 0);
  await origin.close();
});

test("a stop in onRetry or in onGap ends the subscription without another request", async () => {
  for (const script of [
    cut,
    problem(410, "gap", { reason: "epoch", requested: "P9", start: "S0", end: "E0" }),
  ]) {
    const origin = await scriptedOrigin(script);
    const stopping = new AbortController();
    const options: SubscribeOptions = {
      after: "P9",
      signal: stopping.signal,
      onRetry: () => stopping.abort(),
      onGap: () => {
        stopping.abort();
        return "start";
      },
    };
    assert.equal(await subscribe(origin.url, options).next(), { done: true, value: undefined });
    assert.is(origin.asked.length, 1);
    await origin.close();
  }
});

test("a hundred subscriptions and publishes share one listener on a signal, and leave none", async () => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const warnings: Error[] = [];
  const warn = (warning: Error) => void warnings.push(warning);
  process.on("warning", warn);
  const subscriptions = Array.from({ length: 100 }, (_, index) =>
    subscribe(url, { signal, mechanism: mechanisms[index % 3] ?? "sse" }),
  );
  await Promise.all(subscriptions.map((subscription) => subscription.next()));
  const publishing = Array.from({ length: 20 }, () => publish(url, { data: 0 }, { signal }));
  assert.is(getEventListeners(signal, "abort").length, 1);
  await Promise.all(publishing);
  await Promise.all(subscriptions.map((subscription) => subscription.return()));
  assert.is(getEventListeners(signal, "abort").length, 0);
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", warn);
  assert.equal(warnings, []);
});

test.after(() => server.close({ windowMs: 0 }));
test.run();
