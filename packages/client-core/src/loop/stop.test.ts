import { test } from "uvu";
import * as assert from "uvu/assert";
import { collect, rejection } from "../../../../testing/clients/collect.ts";
import { noClock } from "../../../../testing/clients/no-clock.ts";
import { cut, hang, json, page, scriptedOrigin } from "../../../../testing/servers/scripted-origin.ts";
import { pages } from "../../test/pages.ts";
import type { SubscribeOptions, Subscription } from "../index.ts";
import { createSubscription } from "../kit.ts";

const DONE = { done: true, value: undefined };

/** A subscription that has read one message and waits for an answer that never comes. */
async function hanging(options: SubscribeOptions = {}) {
  let arrived: (() => void) | undefined;
  const isAsked = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const origin = await scriptedOrigin(page(["P1"]), () => arrived?.());
  const subscription = createSubscription(pages, origin.url, { delay: noClock().delay, ...options });
  assert.equal(await collect(subscription, 1), ["P1"]);
  const pending = subscription.next();
  await isAsked;
  return { origin, subscription, pending };
}

test("return aborts a pending read at once", async () => {
  const { origin, subscription, pending } = await hanging();
  assert.equal(await subscription.return(), DONE);
  assert.equal(await pending, DONE);
  await origin.asked[1]?.gone;
  assert.is(subscription.state.phase, "ended");
  await origin.close();
});

test("the signal ends a pending read at once, without an error", async () => {
  const stop = new AbortController();
  const { origin, pending } = await hanging({ signal: stop.signal });
  stop.abort();
  assert.equal(await pending, DONE);
  await origin.asked[1]?.gone;
  await origin.close();
});

test("return does not wait for a fetch that ignores its signal", async () => {
  let pending: Promise<unknown> | undefined;
  const subscription = await new Promise<Subscription>((resolve) => {
    const deaf: typeof fetch = () => {
      resolve(deafened);
      return new Promise(() => {});
    };
    const deafened = createSubscription(pages, "http://127.0.0.1:1/", { fetch: deaf });
    pending = deafened.next();
  });
  assert.equal(await subscription.return(), DONE);
  assert.equal(await pending, DONE);
});

test("the signal ends a wait for the next attempt", async () => {
  const stop = new AbortController();
  const origin = await scriptedOrigin(cut);
  const onRetry = () => setImmediate(() => stop.abort());
  const retryDelayMs = () => 300_000;
  const subscription = createSubscription(pages, origin.url, { signal: stop.signal, onRetry, retryDelayMs });
  assert.equal(await subscription.next(), DONE);
  await origin.close();
});

test("with an aborted signal, there is no request", async () => {
  const origin = await scriptedOrigin(page(["P1"]));
  const subscription = createSubscription(pages, origin.url, { signal: AbortSignal.abort() });
  assert.equal(await subscription.next(), DONE);
  assert.is(origin.asked.length, 0);
  await origin.close();
});

test("the message handled when the signal aborts is committed", async () => {
  const stop = new AbortController();
  const origin = await scriptedOrigin(page(["P1", "P2"]));
  const subscription = createSubscription(pages, origin.url, { signal: stop.signal });
  for await (const _ of subscription) stop.abort();
  assert.is(subscription.committed, "P1");
  await origin.close();
});

test("overlapping calls of next get one message each, in order", async () => {
  const origin = await scriptedOrigin(page(["P1", "P2"]), page(["P3"], { closed: true }));
  const subscription = createSubscription(pages, origin.url);
  const steps = await Promise.all([1, 2, 3, 4].map(() => subscription.next()));
  assert.equal(
    steps.map((step) => (step.done ? undefined : step.value.cursor)),
    ["P1", "P2", "P3", undefined],
  );
  await origin.close();
});

test("closed ends the iteration, by a page and by 204", async () => {
  const byPage = await scriptedOrigin(page(["P1"]), page(["C1"], { closed: true }));
  const subscription = createSubscription(pages, byPage.url);
  assert.equal(await collect(subscription), ["P1", "C1"]);
  assert.is(subscription.committed, "C1");
  await byPage.close();
  const noContent = await scriptedOrigin(page(["P1"]), (response) => {
    response.writeHead(204, { tidemark: "v=1" });
    response.end();
  });
  assert.equal(await collect(createSubscription(pages, noContent.url)), ["P1"]);
  await noContent.close();
});

test("a read that times out is aborted and retried", async () => {
  const origin = await scriptedOrigin(hang, page(["P1"], { closed: true }));
  const errors: string[] = [];
  const subscription = createSubscription(pages, origin.url, {
    // The first watchdog expires at once, the others never.
    delay: async (_ms, signal, purpose) => {
      if (purpose !== "watchdog") return;
      if (errors.length > 0) await new Promise((resolve) => signal.addEventListener("abort", resolve));
      while (origin.asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    },
    onRetry: ({ error }) => errors.push(error.message),
  });
  assert.equal(await collect(subscription), ["P1"]);
  assert.is(errors.length, 1);
  assert.match(errors[0] ?? "", /^\[timeout\] no answer in 1000 ms/); // in a page, a hint follows
  await origin.asked[0]?.gone;
  await origin.close();
});

test("an invalid URL and an invalid position throw at once", () => {
  assert.throws(() => createSubscription(pages, "http://["), TypeError);
  assert.throws(() => createSubscription(pages, "http://a/", { after: "latest" }), TypeError);
});

test("a refusal leaves no connection open", async () => {
  const origin = await scriptedOrigin(json({}, 403));
  await rejection(createSubscription(pages, origin.url).next());
  await origin.asked[0]?.gone;
  await origin.close();
});

test.run();
