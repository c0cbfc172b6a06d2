import { claim, notBefore, same, sameList, within } from "../../../../engine/model/claim.ts";
import { utf8 } from "../../../../engine/wire/bytes.ts";
import { type Answer, stream } from "../answers.ts";
import { block, heartbeatBlock, messageBlock, messageBlocks, openBlock } from "../block-text.ts";
import type { ClientTestDefinition } from "../client-definition.ts";
import { BEGINNING } from "../scripted-channel.ts";
import { numbered, type ScriptedMessage } from "../scripted-log.ts";
import {
  ended,
  handedOnce,
  meet,
  nthRequest,
  part,
  positionOf,
  received,
  shownAll,
  untilHanded,
  untilOver,
} from "./following.ts";
import { twoParts } from "./two-parts.ts";

/** Tolerance for a clock of whole milliseconds. */
const TICK_MS = 5;

/** A silence that is short against a heartbeat of 15 seconds. */
const QUIET_MS = 1_000;

/** By this time, what an abandoned stream sends has arrived. */
const LATE_MS = 300;

/** How long eight refused connections may take, beyond the waits. */
const REFUSED_MS = 3_000;

/** When a client reconnects to a stream, and how many connections it has. */
export const connectionTests: readonly ClientTestDefinition[] = [
  {
    id: "client/sse/asks-for-a-stream-in-the-url",
    title: "The client sends stream=1, and resumes with the parameter after, not with Last-Event-ID",
    requirements: ["SSE-CLIENT-8", "SSE-CLIENT-9"],
    needs: ["sse"],
    async run(t) {
      const { channel, reading, received } = meet(t, "sse", (reply) => reply.cut());
      const again = await nthRequest(t, channel, 3, reading);
      t.need(claim(again !== undefined, "requests", "three", channel.requests.length));
      t.check("SSE-CLIENT-8", same("the query parameter stream", again?.query.get("stream"), "1"), again);
      t.check("SSE-CLIENT-9", same("the query parameter after", again?.query.get("after"), received), again);
      t.check(
        "SSE-CLIENT-9",
        same("the header Last-Event-ID", again?.header("last-event-id"), undefined),
        again,
      );
    },
  },
  {
    id: "client/sse/waits-for-retry",
    title: "The client waits for the last retry of the stream before it reconnects",
    requirements: ["SSE-CLIENT-10"],
    needs: ["sse"],
    waitsMs: 700,
    async run(t) {
      const retried = openBlock(BEGINNING, { retry: 20 }) + block({ retry: 700, id: "R-1" });
      const head = retried + block({ data: "1", id: "M-1" });
      const runs = (["clean", "cut"] as const).map((ending) => {
        const isDue = (): boolean => reading.messages.length > 0 || reading.hasEnded;
        const first = twoParts(t, { head, isDue, ending });
        const channel = t.channel({
          script: (_, n) => (n === 1 ? first : ended),
        });
        const reading = t.open(channel, "sse");
        return { channel, reading };
      });
      for (const { channel, reading } of runs) {
        const again = await nthRequest(t, channel, 2, reading);
        t.need(claim(again !== undefined, "requests", "two", channel.requests.length));
        const [before] = channel.requests;
        if (before && again)
          t.check("SSE-CLIENT-10", notBefore("the next request", before.spanTo(again), 700 - TICK_MS), again);
      }
    },
  },
  {
    id: "client/sse/refusals-are-no-failures",
    title:
      "After streams that hold only retry, the client reconnects after that time, and the wait does not grow",
    requirements: ["SSE-CLIENT-12"],
    needs: ["sse"],
    waitsMs: 1_000,
    async run(t) {
      // A client that counts them as failures waits for minutes by the eighth. A client may add a first random wait
      // each time; these add up to 8 s at most.
      const [refusals, firstBoundMs] = [8, 1_000];
      const { channel, reading, messages } = meet(t, "sse", stream("retry: 30\n\n"), refusals, {
        options: { reconnectMs: firstBoundMs },
      });
      const begun = await nthRequest(t, channel, 2, reading);
      const limitMs = refusals * firstBoundMs + REFUSED_MS;
      await t.until(() => channel.requests.length >= refusals + 2 || reading.hasEnded, limitMs);
      const last = channel.requests[refusals + 1];
      t.need(claim(begun !== undefined, "requests", "two", channel.requests.length));
      t.check(
        "SSE-CLIENT-12",
        within(
          `the reconnect after ${refusals} streams with only retry`,
          begun && last && last.at - begun.at,
          limitMs,
        ),
        last,
      );
      const missing = (): string[] => shownAll(messages).filter((one) => !reading.handed.includes(one));
      await t.until(() => missing().length === 0 || reading.hasEnded);
      t.check("SSE-CLIENT-12", sameList("messages that are missing afterwards", missing(), []));
    },
  },
  {
    id: "client/sse/silence-is-death",
    title: "The client leaves a stream that brings no event for twice its heartbeat; comments do not count",
    requirements: ["SSE-CLIENT-7"],
    needs: ["sse"],
    waitsMs: 4_000,
    async run(t) {
      const messages = numbered(3);
      const [first = { cursor: "", json: "" }] = messages;
      const lived = t.channel({ script: (_, n) => (n === 1 ? beating : undefined) });
      const dead: Answer = (reply) => {
        stream(openBlock(BEGINNING, { heartbeat: 1 }) + messageBlock(first), { ending: "open" })(reply);
        const timer = setInterval(() => (reply.over ? clearInterval(timer) : reply.chunk(utf8(":\n"))), 200);
      };
      const channel = t.channel({ messages, script: (_, n) => (n === 1 ? dead : undefined) });
      const [quick, reading] = [t.open(lived, "sse"), t.open(channel, "sse")];
      const again = await nthRequest(t, channel, 2, reading);
      t.need(claim(channel.requests.length > 0, "requests", "at least one", channel.requests.length));
      const [silent] = channel.requests;
      t.check(
        "SSE-CLIENT-7",
        within("the next connection", again && silent && again.at - silent.at, 9_000),
        again,
      );
      t.check("SSE-CLIENT-7", positionOf("the next connection", again, first.cursor, reading), again);
      t.control(same("connections while heartbeats come", lived.requests.length, 1));
      t.control(
        claim(!quick.done && !quick.failure, "the client with heartbeats", "is still running", quick.ending),
      );
      await untilHanded(t, reading, messages.length);
      received(t, "SSE-CLIENT-7", reading, messages);
      channel.close();
    },
  },
  {
    id: "client/sse/heartbeat-out-of-range",
    title: "An invalid heartbeat value does not shorten the client's timeout",
    requirements: ["SSE-CLIENT-7"],
    needs: ["sse"],
    waitsMs: QUIET_MS,
    async run(t) {
      const messages = numbered(2);
      const runs = [undefined, 0, -1, 0.01, 1e10, "0.01", null].map((heartbeat) => {
        const script = (_: unknown, n: number) => (n === 1 ? quiet(heartbeat, messages) : undefined);
        const channel = t.channel({ messages, script });
        return { heartbeat, channel, reading: t.open(channel, "sse") };
      });
      for (const { heartbeat, channel, reading } of runs) {
        await untilHanded(t, reading, messages.length);
        t.check("SSE-CLIENT-7", same(`connections with heartbeat ${heartbeat}`, channel.requests.length, 1));
        received(t, "SSE-CLIENT-7", reading, messages);
      }
    },
  },
  {
    id: "client/sse/one-connection",
    title: "The client delivers nothing that arrives on an abandoned stream",
    requirements: ["CLI-ORDER-2"],
    needs: ["sse"],
    waitsMs: 3_000,
    async run(t) {
      const messages = numbered(3);
      let revive: () => void = () => undefined;
      const dead: Answer = (reply) => {
        stream(openBlock(BEGINNING, { heartbeat: 1 }), { ending: "open" })(reply);
        revive = () =>
          reply.chunk(
            utf8(
              numbered(2, "LATE", 90)
                .map((message) => messageBlock(message))
                .join(""),
            ),
          );
      };
      const channel = t.channel({
        messages: messages.slice(0, 1),
        script: (_, n) => (n === 1 ? dead : undefined),
      });
      const reading = t.open(channel, "sse");
      const again = await nthRequest(t, channel, 2, reading);
      t.need(claim(again !== undefined, "connections", "two", channel.requests.length));
      revive();
      await t.watch(LATE_MS); // a client that still reads it has delivered by then
      channel.append(...messages.slice(1));
      channel.close();
      await untilOver(t, reading);
      received(t, "CLI-ORDER-2", reading, messages, again);
    },
  },
  {
    id: "client/sse/clean-ends-are-ordinary",
    title: "If the stream ends after every message, the client loses, repeats and delays nothing",
    requirements: ["CLI-ORDER-1"],
    needs: ["sse"],
    async run(t) {
      const messages = numbered(12);
      const channel = t.channel({
        messages,
        closed: true,
        script: ({ position }) => {
          const at = messages.findIndex(({ cursor }) => cursor === position) + 1;
          return at < messages.length ? part("sse", messages.slice(at, at + 1)) : undefined;
        },
      });
      const reading = t.open(channel, "sse");
      await untilOver(t, reading);
      handedOnce(t, reading, messages);
    },
  },
];

/** A stream that announces this heartbeat, is silent for a while, then sends the messages and stays open. */
function quiet(heartbeat: unknown, messages: readonly ScriptedMessage[]): Answer {
  const rest = messageBlocks(messages);
  return (reply) => {
    stream(openBlock(BEGINNING, { more: { heartbeat } }), { ending: "open" })(reply);
    setTimeout(() => {
      if (!reply.over) reply.chunk(utf8(rest));
    }, QUIET_MS);
  };
}

/** A stream that sends its heartbeats in time. */
const beating: Answer = (reply) => {
  stream(openBlock(BEGINNING, { heartbeat: 1 }), { ending: "open" })(reply);
  const timer = setInterval(() => {
    if (reply.over) clearInterval(timer);
    else reply.chunk(utf8(heartbeatBlock(BEGINNING)));
  }, 400);
};
