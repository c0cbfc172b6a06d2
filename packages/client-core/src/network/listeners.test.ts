// The application's signal outlives connections: listeners must not accumulate on it.
import { getEventListeners } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { collect } from "../../../../testing/clients/collect.ts";
import { noClock } from "../../../../testing/clients/no-clock.ts";
import { cut, page, scriptedOrigin } from "../../../../testing/servers/scripted-origin.ts";
import { pages } from "../../test/pages.ts";
import { createSubscription } from "../kit.ts";

const RECONNECTS = 50;

test("a subscription has one listener on the signal, however often it reconnects, and none after its end", async () => {
  const { signal } = new AbortController();
  const counts: number[] = [];
  const scripts = Array.from({ length: RECONNECTS }, () => cut);
  const origin = await scriptedOrigin(...scripts, page(["P1"], { closed: true }));
  const onRetry = () => void counts.push(getEventListeners(signal, "abort").length);
  await collect(createSubscription(pages, origin.url, { ...noClock(), signal, onRetry }));
  assert.equal(counts, Array(RECONNECTS).fill(1));
  assert.equal(getEventListeners(signal, "abort"), []);
  await origin.close();
});

test.run();
