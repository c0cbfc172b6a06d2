import { claim, same } from "../../../../engine/model/claim.ts";
import { type Answer, problem, stream } from "../answers.ts";
import { openBlock } from "../block-text.ts";
import type { ClientTestDefinition } from "../client-definition.ts";
import { numbered } from "../scripted-log.ts";
import { beginOf, received, untilHanded, untilOver } from "./following.ts";

/** Most streams that a client tries before it falls back. */
const MOST_STREAMS = 3;

/** Three times two heartbeats, and a margin for a busy machine. */
const FALLBACK_MS = 20_000;

/** Streams that bring nothing, by name: all that a hop lets through that buffers answers or cuts them. */
const USELESS: Readonly<Record<string, Answer>> = {
  "empty streams": stream(""),
  "streams that are cut at once": stream("", { ending: "cut" }),
  "streams with only comments": stream(":\n: still here\n\n"),
  "streams with only comments that are cut": stream(":\n:\n", { ending: "cut" }),
  "streams that stop after their first block": firstBlock(1),
};

/** A stream that stays open after its first block, which announces this heartbeat. */
function firstBlock(heartbeat: number): Answer {
  return (reply) => stream(openBlock(beginOf(reply.request), { heartbeat }), { ending: "open" })(reply);
}

/** When a client that chooses its mechanism trusts streams. */
export const heldStreamTests: readonly ClientTestDefinition[] = [
  {
    id: "client/auto/goes-down-on-streams-that-bring-nothing",
    title:
      "After three streams that are empty or stop after their first block, the client falls back to the next mechanism",
    requirements: ["CLI-LADDER-2"],
    needs: ["auto"],
    waitsMs: 6_000,
    async run(t) {
      const messages = numbered(3);
      const runs = Object.entries(USELESS).map(([name, answer]) => {
        const script = ({ isStream }: { readonly isStream: boolean }) => (isStream ? answer : undefined);
        const channel = t.channel({ messages, closed: true, script });
        return { name, channel, reading: t.open(channel, "auto") };
      });
      for (const { name, channel, reading } of runs) {
        const isEnough = (): boolean =>
          channel.requests.filter(({ isStream }) => isStream).length > MOST_STREAMS;
        await t.until(() => reading.hasEnded || isEnough(), FALLBACK_MS);
        t.need(claim(channel.requests.length > 0, "requests", "at least one", channel.requests.length));
        const lower = channel.requests.findIndex(({ isStream }) => !isStream);
        const actual =
          lower === -1 ? `${channel.requests.length} streams and no other mechanism` : `after ${lower}`;
        const isSoon = lower !== -1 && lower <= MOST_STREAMS;
        const what = `the fallback from ${name}`;
        const found = claim(isSoon, what, `after ${MOST_STREAMS} of them or fewer`, actual);
        const isOpen = lower === -1 && channel.requests.length <= MOST_STREAMS;
        t.check("CLI-LADDER-2", { ...found, timed: isOpen }, channel.requests.at(lower));
        if (isSoon) received(t, "CLI-LADDER-2", reading, messages);
      }
    },
  },
  {
    id: "client/auto/a-first-block-is-no-way-up",
    title: "The client does not leave a working mechanism for a stream that has brought only its first block",
    requirements: ["CLI-LADDER-5"],
    needs: ["auto"],
    waitsMs: 2_000,
    async run(t) {
      const messages = numbered(8);
      const channel = t.channel({
        messages: messages.slice(0, 1),
        script: ({ isStream }, number) => {
          if (!isStream) return undefined;
          return number === 1 ? problem(406, { name: "not-acceptable" }) : firstBlock(15);
        },
      });
      const reading = t.open(channel, "auto", { options: { probeMs: 200 } });
      const tried = (): boolean => channel.requests.slice(1).some(({ isStream }) => isStream);
      // A client tries a stream again while it long-polls; each message ends a long poll.
      for (const message of messages.slice(1, 5)) {
        await t.until(tried, 1_500);
        channel.append(message);
        await untilHanded(t, reading, channel.messages.length);
        if (reading.messages.length < channel.messages.length) break; // do not wait for each further one
      }
      const { length } = reading.messages;
      t.need(claim(length > 1, "messages before a stream is tried again", "2 or more", length));
      t.need(claim(tried(), "another SSE request", "came", "none came"));
      for (const message of messages.slice(5)) {
        channel.append(message);
        await untilHanded(t, reading, channel.messages.length);
        if (reading.messages.length < channel.messages.length) break; // do not wait for each further one
      }
      const stream = channel.requests.slice(1).find(({ isStream }) => isStream);
      received(t, "CLI-LADDER-5", reading, channel.messages, stream);
      channel.close();
      await untilOver(t, reading);
      const last = channel.requests.findLast(({ isStream }) => !isStream);
      t.check("CLI-LADDER-5", same("the answer that reported the end", last?.ending, "complete"), last);
    },
  },
];
