import { claim } from "../../../../engine/model/claim.ts";
import { type Answer, stream } from "../answers.ts";
import { openBlock } from "../block-text.ts";
import type { ClientTestDefinition } from "../client-definition.ts";
import { numbered } from "../scripted-log.ts";
import { DOUBLING, DOUBLING_LIMIT_MS, doublingClaim } from "./backoff.ts";
import { beginOf, bookmark, handedOn, nthRequest, untilHanded } from "./following.ts";

/** Streams that end before they have proved that they work, by what each does. */
const UNPROVEN: Readonly<Record<string, Answer>> = {
  "ends right after its first block": opened("clean"),
  "is cut right after its first block": opened("cut"),
  "ends after its first block and a bookmark": opened("clean", bookmark("B-1")),
  "is cut inside its second block": opened("cut", "event: $heartbeat\ndata: {"),
};

function opened(ending: "clean" | "cut", rest = ""): Answer {
  return (reply) => stream(openBlock(beginOf(reply.request), { retry: 1 }) + rest, { ending })(reply);
}

const MESSAGES = numbered(2);

/** What proves that a connection works. */
export const proofTests: readonly ClientTestDefinition[] = [
  {
    id: "client/sse/a-first-block-proves-nothing",
    title:
      "The client counts streams that end right after their first block as failures in succession, and backs off",
    requirements: ["CLI-RETRY-9"],
    needs: ["sse"],
    waitsMs: DOUBLING.waitsMs,
    async run(t) {
      const options = { reconnectMs: DOUBLING.firstBoundMs };
      const runs = Object.entries(UNPROVEN).map(([name, answer]) => {
        const script = (_: unknown, number: number) => (number <= DOUBLING.failures ? answer : undefined);
        // By then the client's position is the bookmark.
        const messages = name.includes("bookmark") ? [{ cursor: "B-1", json: "0" }, ...MESSAGES] : MESSAGES;
        const clients = Array.from({ length: DOUBLING.clients }, () => {
          const channel = t.channel({ messages, closed: true, script });
          return { channel, reading: t.open(channel, "sse", { options }) };
        });
        return { name, clients };
      });
      for (const { name, clients } of runs) {
        for (const { channel, reading } of clients) {
          await nthRequest(t, channel, DOUBLING.failures + 1, reading, DOUBLING_LIMIT_MS);
          await untilHanded(t, reading, MESSAGES.length);
          const after = channel.requests.length - 1;
          t.need(claim(after >= DOUBLING.failures, "requests after such a stream", "7 or more", after));
          t.need(handedOn(reading, MESSAGES));
        }
        const failed = clients.map(({ channel }) => channel.requests.slice(0, DOUBLING.failures + 1));
        t.check("CLI-RETRY-9", doublingClaim(`a stream that ${name}`, failed), failed[0]?.at(-1));
      }
    },
  },
];
