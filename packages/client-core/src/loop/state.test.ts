import { test } from "uvu";
import * as assert from "uvu/assert";
import { collect, rejection } from "../../../../testing/clients/collect.ts";
import { noClock } from "../../../../testing/clients/no-clock.ts";
import { cut, page, problem, scriptedOrigin } from "../../../../testing/servers/scripted-origin.ts";
import { pages } from "../../test/pages.ts";
import type { State } from "../index.ts";
import { createSubscription } from "../kit.ts";

test("onState reports every phase of the subscription", async () => {
  const origin = await scriptedOrigin(page(["P1"]), cut, page(["C1"], { closed: true }));
  const states: State[] = [];
  const onState = (state: State) => states.push(state);
  const subscription = createSubscription(pages, origin.url, { delay: noClock().delay, onState });
  assert.is(subscription.state.phase, "idle");
  await collect(subscription);
  await origin.close();
  assert.equal(
    states.map(({ phase, cursor, failures, requests }) => [phase, cursor, failures, requests]),
    [
      ["connecting", "start", 0, 0],
      ["live", "P1", 0, 1],
      ["connecting", "P1", 0, 1],
      ["waiting", "P1", 1, 2],
      ["connecting", "P1", 1, 2],
      ["live", "C1", 0, 3],
      ["ended", "C1", 0, 3],
    ],
  );
  assert.is(states[3]?.error?.name, "ConnectionError");
  assert.is(states[3]?.mechanism, "pages");
  assert.is(states[6]?.error, undefined);
  assert.ok(subscription.state.bytes > 80, `${subscription.state.bytes}`);
});

test("the last state has the error that ended the subscription", async () => {
  const origin = await scriptedOrigin(problem(403, "forbidden"));
  const subscription = createSubscription(pages, origin.url);
  const error = await rejection(subscription.next());
  assert.is(subscription.state.error, error);
  await subscription.next();
  assert.is(subscription.state.phase, "ended");
  await origin.close();
});

test.run();
