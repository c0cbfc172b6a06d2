import { performance } from "node:perf_hooks";
import { claim, same } from "../../../../engine/model/claim.ts";
import type { ClientTestDefinition } from "../client-definition.ts";
import { numbered } from "../scripted-log.ts";
import { nthRequest, received, untilHanded, type Way } from "./following.ts";

/** How long the application takes: more than a usual limit for the first sign of the server. */
const APPLICATION_MS: Readonly<Record<Way | "auto", number>> = {
  auto: 11_000,
  sse: 11_000,
  "long-poll": 17_000, // the wait of a second, and 15 s
  poll: 31_000,
};

/** A wait for the application can end this much early, by the granularity of timers. */
const TICK_MS = 50;

function ownTimeTest(way: Way | "auto"): ClientTestDefinition {
  const credentialsMs = APPLICATION_MS[way];
  return {
    id: `client/${way}/own-time-is-no-silence`,
    title: `The client waits ${credentialsMs / 1_000} s for its application, and then reads as usual`,
    requirements: ["CLI-PROGRESS-2"],
    needs: [way, "credentials"],
    waitsMs: credentialsMs,
    async run(t) {
      const messages = numbered(2);
      const channel = t.channel({ messages, closed: true });
      const orderedAt = performance.now();
      const reading = t.open(channel, way, { credentials: ["Bearer one"], credentialsMs });
      const first = await nthRequest(t, channel, 1, reading, credentialsMs + 10_000);
      const waitedMs = (first?.at ?? Number.POSITIVE_INFINITY) - orderedAt;
      if (waitedMs < credentialsMs - TICK_MS) t.notApplicable("the adapter does not carry out credentialsMs");
      const what = `the first request, after an application that takes ${credentialsMs / 1_000} s`;
      const came = claim(first !== undefined, what, "came", `none; the client ${reading.ending}`);
      if (!t.check("CLI-PROGRESS-2", came, first)) return;
      if (way === "auto")
        t.check("CLI-PROGRESS-2", same("the first mechanism", first?.mechanism, "sse"), first);
      await untilHanded(t, reading, messages.length);
      received(t, "CLI-PROGRESS-2", reading, messages, first);
    },
  };
}

/** The time of the application is not the server's. */
export const ownTimeTests: readonly ClientTestDefinition[] = [
  ownTimeTest("poll"),
  ownTimeTest("long-poll"),
  ownTimeTest("sse"),
  ownTimeTest("auto"),
];
