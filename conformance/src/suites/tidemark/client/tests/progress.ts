import { claim, same, within } from "../../../../engine/model/claim.ts";
import { utf8 } from "../../../../engine/wire/bytes.ts";
import { type Answer, beginStream, pageText, tidemarkHeaders } from "../answers.ts";
import { closedBlock, messageBlock, openBlock } from "../block-text.ts";
import type { ClientTestDefinition } from "../client-definition.ts";
import type { Reply } from "../reply.ts";
import { numbered, type ScriptedMessage } from "../scripted-log.ts";
import { beginOf, nthRequest, positionOf, received, untilHanded, type Way } from "./following.ts";

/** How slowly an answer comes: too slowly for timers that count the whole time, but never silent for a second. */
interface Trickle {
  readonly pieces: number;
  readonly everyMs: number;
}

const HEARTBEAT_S = 2;

/** Takes longer than two heartbeats. */
const SLOW_MESSAGE: Trickle = { pieces: 20, everyMs: 300 };

/** Takes longer than any usual limit for a whole request: 30 s, or 30 s after a long poll's wait of a second. */
const VERY_SLOW: Trickle = { pieces: 70, everyMs: 500 };

/** By when a client leaves a dead stream, with a margin for a busy machine. */
const DEAD_MS = 2 * HEARTBEAT_S * 1_000 + 7_000;

/** A message that comes at once, and one that comes in many pieces. */
const MESSAGES: readonly ScriptedMessage[] = [
  ...numbered(1),
  { cursor: "M-2", json: JSON.stringify("slow ".repeat(2_000)) },
];

/** An answer that sends these bytes slowly, and `end` at once after them. */
function trickling(
  bytes: Uint8Array,
  { pieces, everyMs }: Trickle,
  begin: (reply: Reply) => void,
  end = "",
): Answer {
  return (reply) => {
    begin(reply);
    const size = Math.ceil(bytes.length / pieces);
    let at = 0;
    const timer = setInterval(() => {
      if (at < bytes.length && !reply.over) {
        reply.chunk(bytes.subarray(at, at + size));
        at += size;
        return;
      }
      clearInterval(timer);
      reply.chunk(utf8(end));
      reply.end();
    }, everyMs);
  };
}

/** One slow answer with all messages and the end of the channel. */
function slow(way: Way, trickle: Trickle): Answer {
  if (way === "sse") {
    const [first, second] = MESSAGES.map((message) => messageBlock(message));
    const begin = (reply: Reply): void => {
      beginStream(reply);
      reply.chunk(utf8(openBlock(beginOf(reply.request), { heartbeat: HEARTBEAT_S }) + first));
    };
    return trickling(utf8(second ?? ""), trickle, begin, closedBlock("M-2"));
  }
  const text = pageText({ messages: MESSAGES, cursor: "M-2", closed: true });
  return trickling(utf8(text), trickle, (reply) =>
    reply.begin(200, [...tidemarkHeaders(), ["Content-Type", "application/json"]]),
  );
}

function slowTest(way: Way | "auto", name: string, trickle: Trickle): ClientTestDefinition {
  const isStream = way === "sse" || way === "auto";
  const lastsMs = trickle.pieces * trickle.everyMs;
  return {
    id: `client/${way}/${name}`,
    title: `The client waits ${lastsMs / 1_000} s for a ${isStream ? "message" : "page"} whose bytes keep coming, with a single request`,
    requirements: ["CLI-PROGRESS-1"],
    needs: [way],
    waitsMs: lastsMs,
    async run(t) {
      const answer = slow(way === "auto" ? "sse" : way, trickle);
      const channel = t.channel({ messages: MESSAGES, script: (_, n) => (n === 1 ? answer : undefined) });
      const reading = t.open(channel, way);
      await t.until(() => reading.hasEnded || channel.requests.length > 1, lastsMs + 10_000);
      t.need(claim(channel.requests.length > 0, "requests", "at least one", channel.requests.length));
      const [first] = channel.requests;
      const found = same("how the slow answer ended", first?.ending, "complete");
      t.check("CLI-PROGRESS-1", { ...found, timed: first?.ending === undefined }, first);
      received(t, "CLI-PROGRESS-1", reading, MESSAGES, first);
      channel.close();
    },
  };
}

/** What follows half a message: nothing, or comments. */
const STALLS: Readonly<Record<string, string>> = { "and nothing more": "", "and then comments": ":\n" };

/** What counts as a sign of life. */
export const progressTests: readonly ClientTestDefinition[] = [
  slowTest("poll", "slow-bytes-are-progress", VERY_SLOW),
  slowTest("long-poll", "slow-bytes-are-progress", VERY_SLOW),
  slowTest("sse", "slow-bytes-are-progress", SLOW_MESSAGE),
  slowTest("sse", "very-slow-bytes-are-progress", VERY_SLOW),
  slowTest("auto", "slow-bytes-are-progress", SLOW_MESSAGE),
  {
    id: "client/sse/a-stalled-message-is-silence",
    title:
      "After two heartbeats the client leaves a stream that stopped inside a message, even if comments still come",
    requirements: ["SSE-CLIENT-7"],
    needs: ["sse"],
    waitsMs: 2 * HEARTBEAT_S * 1_000,
    async run(t) {
      const messages = numbered(3);
      const [first = { cursor: "", json: "" }] = messages;
      const runs = Object.entries(STALLS).map(([name, comment]) => {
        const stalled: Answer = (reply) => {
          beginStream(reply);
          const open = openBlock(beginOf(reply.request), { heartbeat: HEARTBEAT_S });
          reply.chunk(utf8(`${open}${messageBlock(first)}data: [1,\n`));
          const timer = setInterval(() => {
            if (reply.over) clearInterval(timer);
            else reply.chunk(utf8(comment));
          }, 200);
        };
        const channel = t.channel({
          messages,
          closed: true,
          script: (_, n) => (n === 1 ? stalled : undefined),
        });
        return { name, channel, reading: t.open(channel, "sse") };
      });
      for (const { name, channel, reading } of runs) {
        const again = await nthRequest(t, channel, 2, reading, DEAD_MS + 5_000);
        const [silent] = channel.requests;
        t.need(claim(silent !== undefined, "requests", "at least one", 0));
        const what = `the next connection after half a message ${name}`;
        t.check("SSE-CLIENT-7", within(what, again && silent && again.at - silent.at, DEAD_MS), again);
        t.check("SSE-CLIENT-7", positionOf(what, again, first.cursor, reading), again);
        await untilHanded(t, reading, messages.length);
        received(t, "SSE-CLIENT-7", reading, messages);
      }
    },
  },
];
