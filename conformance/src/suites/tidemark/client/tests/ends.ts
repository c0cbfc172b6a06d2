import { claim, same } from "../../../../engine/model/claim.ts";
import { problem, tidemarkHeaders } from "../answers.ts";
import type { ClientTestDefinition } from "../client-definition.ts";
import { numbered, type ScriptedMessage } from "../scripted-log.ts";
import {
  closing,
  controlRetry,
  eachWay,
  handedOnce,
  meet,
  part,
  received,
  untilOver,
  type Way,
} from "./following.ts";

/** How a client ends, and that it has delivered everything by then. */
export const endTests: readonly ClientTestDefinition[] = [
  ...eachWay((way) => ({
    id: `client/${way}/ends-with-the-channel`,
    title:
      "At the end of a closed channel the client ends without an error, after it has delivered everything",
    requirements: ["CLI-END-1"],
    needs: [way],
    async run(t) {
      const messages = numbered(4);
      const runs = [2, 4].map((first) => {
        const channel = t.channel({
          script: ({ position }, number) => {
            if (number === 1) return part(way, messages.slice(0, first));
            return position === "M-4" ? closing(way, [], "M-4") : closing(way, messages.slice(2), "M-2");
          },
        });
        return { channel, reading: t.open(channel, way) };
      });
      for (const { reading } of runs) await untilOver(t, reading);
      const retryMs = await controlRetry(t, way);
      await t.watch(Math.max(400, 3 * retryMs));
      for (const { channel, reading } of runs) {
        received(t, "CLI-END-1", reading, messages, channel.requests[1]);
        t.check(
          "CLI-END-1",
          same("the client", reading.ending, "ended without an error"),
          channel.requests[1],
        );
        t.check("CLI-END-1", same("requests", channel.requests.length, 2), channel.requests[1]);
      }
    },
  })),
  {
    id: "client/sse/ends-with-204",
    title: "A 204 ends the client without an error",
    requirements: ["CLI-END-1"],
    needs: ["sse"],
    async run(t) {
      const { channel, reading, messages } = meet(
        t,
        "sse",
        (reply) => reply.whole(204, tidemarkHeaders()),
        9,
      );
      await t.until(() => reading.hasEnded || channel.requests.length > 2);
      const retryMs = await controlRetry(t, "sse");
      await t.watch(Math.max(400, 3 * retryMs));
      received(t, "CLI-END-1", reading, messages.slice(0, 2));
      t.check("CLI-END-1", same("the client", reading.ending, "ended without an error"));
      t.check("CLI-END-1", same("requests", channel.requests.length, 2));
    },
  },
  ...eachWay((way) => ({
    id: `client/${way}/hands-on-each-once-in-order`,
    title: "The client delivers every message once and in order, across failures of all kinds",
    requirements: ["CLI-ORDER-1", "CLI-RETRY-1"],
    needs: [way],
    async run(t) {
      const messages = numbered(30);
      const channel = t.channel({
        messages,
        closed: true,
        pageSize: 3,
        script: ({ position }, number) => faults(way, messages, position, number),
      });
      const reading = t.open(channel, way);
      await t.until(() => reading.hasEnded || reading.messages.length > messages.length);
      const last = channel.requests.at(-1);
      t.check(
        "CLI-RETRY-1",
        claim(
          last?.position !== undefined && channel.requests.length > 5,
          "requests",
          "more than 5, with a position",
          channel.requests.length,
        ),
      );
      handedOnce(t, reading, messages);
    },
  })),
];

/** Every second one of the first eight answers is a failure, each time of a different kind. */
function faults(
  way: Way,
  messages: readonly ScriptedMessage[],
  position: string | undefined,
  number: number,
): ReturnType<typeof part> | undefined {
  const at = messages.findIndex(({ cursor }) => cursor === position) + 1;
  const kinds = [
    (reply) => reply.cut(),
    problem(503, { name: "unavailable", headers: [["Retry-After", "0"]] }),
    (reply) => reply.reset(),
    problem(500, { name: "internal" }),
  ] as const satisfies ReturnType<typeof part>[];
  if (number % 2 === 0 && number <= 8) return kinds[(number / 2) % kinds.length];
  if (way !== "sse" || at >= messages.length) return undefined;
  return part(way, messages.slice(at, at + 3));
}
