import { claim, same } from "../../../../engine/model/claim.ts";
import { type Answer, beginStream, problem, stream } from "../answers.ts";
import { openBlock } from "../block-text.ts";
import type { ClientTestDefinition } from "../client-definition.ts";
import { BEGINNING } from "../scripted-channel.ts";
import { numbered } from "../scripted-log.ts";
import { nthRequest, part, received, untilHanded, untilOver } from "./following.ts";

const notAcceptable: Answer = problem(406, { name: "not-acceptable" });

/** A stream that is cut inside its first message. */
const cutEarly: Answer = (reply) => {
  beginStream(reply);
  reply.chunk(Buffer.from(`${openBlock(BEGINNING)}data: 1\nid`));
  reply.cut();
};

/** After this many requests a client has changed its mechanism. */
const MANY = 12;

/** How a client changes its mechanism. */
export const ladderTests: readonly ClientTestDefinition[] = [
  {
    id: "client/auto/goes-down-on-406",
    title:
      "After a 406 the client falls back to the next mechanism, from the same position and with one connection",
    requirements: ["CLI-LADDER-1", "CLI-LADDER-2"],
    needs: ["auto"],
    async run(t) {
      const messages = numbered(4);
      const channel = t.channel({
        messages,
        closed: true,
        script: ({ isStream }, number) => {
          if (number === 1) return part("sse", messages.slice(0, 2));
          return isStream ? notAcceptable : undefined;
        },
      });
      const reading = t.open(channel, "auto");
      await untilOver(t, reading);
      const lower = channel.requests.find(({ isStream }) => !isStream);
      const used = channel.requests.map(({ mechanism }) => mechanism);
      t.need(claim(used[0] === "sse", "the first mechanism", "sse", used[0]));
      t.check("CLI-LADDER-2", same("the mechanism after 406", lower?.mechanism, "long-poll"), lower);
      t.check(
        "CLI-LADDER-1",
        same("the position after the fallback", lower?.position, messages[1]?.cursor),
        lower,
      );
      received(t, "CLI-LADDER-1", reading, messages, lower);
    },
  },
  {
    id: "client/auto/goes-down-to-polling",
    title: "If long polls are refused too, the client falls back to polling",
    requirements: ["CLI-LADDER-2"],
    needs: ["auto"],
    async run(t) {
      const messages = numbered(3);
      const channel = t.channel({
        messages,
        closed: true,
        script: ({ mechanism }) => (mechanism === "poll" ? undefined : notAcceptable),
      });
      const reading = t.open(channel, "auto");
      await untilOver(t, reading);
      t.need(claim(channel.requests.length > 0, "requests", "at least one", channel.requests.length));
      t.check("CLI-LADDER-2", same("the last mechanism", channel.requests.at(-1)?.mechanism, "poll"));
      received(t, "CLI-LADDER-2", reading, messages);
    },
  },
  {
    id: "client/auto/goes-down-on-repeated-cuts",
    title: "After repeated cuts of its streams the client falls back to the next mechanism",
    requirements: ["CLI-LADDER-1", "CLI-LADDER-2"],
    needs: ["auto"],
    async run(t) {
      const messages = numbered(3);
      const channel = t.channel({
        messages,
        closed: true,
        script: ({ isStream }) => (isStream ? cutEarly : undefined),
      });
      const reading = t.open(channel, "auto");
      await t.until(() => reading.hasEnded || channel.requests.length > MANY);
      const lower = channel.requests.find(({ isStream }) => !isStream);
      t.need(claim(channel.requests.length > 1, "requests", "several", channel.requests.length));
      t.check(
        "CLI-LADDER-2",
        claim(lower !== undefined, `after ${MANY} cuts`, "another mechanism", "sse"),
        lower,
      );
      received(t, "CLI-LADDER-1", reading, messages, lower);
      const left = channel.requests.filter(
        ({ endedAt = Number.POSITIVE_INFINITY }) => lower && endedAt > lower.at,
      );
      t.check(
        "CLI-LADDER-1",
        claim(
          left.every(({ isStream }) => !isStream),
          "streams still open after the fallback",
          "none",
          left.length,
        ),
        lower,
      );
    },
  },
  {
    id: "client/auto/goes-down-without-a-first-block",
    title:
      "If a stream brings no first block in time, the client falls back to the next mechanism and closes the stream",
    requirements: ["CLI-LADDER-1", "CLI-LADDER-2"],
    needs: ["auto"],
    waitsMs: 20_000,
    async run(t) {
      const messages = numbered(3);
      const channel = t.channel({
        messages,
        closed: true,
        script: ({ isStream }) => (isStream ? (reply) => beginStream(reply) : undefined),
      });
      const reading = t.open(channel, "auto");
      await t.until(() => reading.hasEnded || channel.requests.length > 4, 45_000);
      const lower = channel.requests.find(({ isStream }) => !isStream);
      t.need(claim(channel.requests.length > 0, "requests", "several", channel.requests.length));
      t.check(
        "CLI-LADDER-2",
        claim(lower !== undefined, "after 45 s without a block", "another mechanism", "sse"),
        lower,
      );
      received(t, "CLI-LADDER-1", reading, messages, lower);
      await t.until(() => channel.requests.every(({ ending }) => ending !== undefined));
      const held = channel.requests.filter(({ ending }) => ending === undefined).length;
      t.check("CLI-LADDER-1", same("streams that are still open", held, 0), lower);
    },
  },
  {
    id: "client/auto/clean-ends-are-no-reason",
    title: "The client keeps its mechanism after streams that end cleanly or hold only retry",
    requirements: ["CLI-LADDER-3"],
    needs: ["auto"],
    async run(t) {
      const messages = numbered(MANY);
      const ends = t.channel({
        messages,
        closed: true,
        script: ({ isStream, position = BEGINNING }, number) => {
          const at = messages.findIndex(({ cursor }) => cursor === position) + 1;
          return isStream && number < MANY ? part("sse", messages.slice(at, at + 1)) : undefined;
        },
      });
      const refusals = t.channel({
        messages,
        closed: true,
        script: (_, number) =>
          number > 1 && number < MANY
            ? stream("retry: 10\n\n")
            : number === 1
              ? part("sse", messages.slice(0, 1))
              : undefined,
      });
      const readings = [ends, refusals].map((channel) => ({ channel, reading: t.open(channel, "auto") }));
      for (const { channel, reading } of readings) {
        await untilHanded(t, reading, messages.length);
        const used = new Set(channel.requests.map(({ mechanism }) => mechanism));
        t.check("CLI-LADDER-3", same("mechanisms used", [...used].join(", "), "sse"));
        received(t, "CLI-LADDER-3", reading, messages);
      }
    },
  },
  {
    id: "client/auto/goes-up-again",
    title: "After a fallback the client tries the better mechanism again, and loses and repeats nothing",
    requirements: ["CLI-LADDER-4", "CLI-LADDER-1"],
    needs: ["auto"],
    waitsMs: 3_000,
    async run(t) {
      const messages = numbered(6);
      let broken = true;
      const channel = t.channel({
        messages: messages.slice(0, 1),
        script: ({ isStream }) => (isStream && broken ? notAcceptable : undefined),
      });
      const reading = t.open(channel, "auto", { options: { probeMs: 200 } });
      await t.until(() => channel.requests.some(({ mechanism }) => mechanism === "long-poll"));
      t.need(
        claim(
          channel.requests.some(({ isStream }) => !isStream),
          "the client",
          "fell back",
          reading.ending,
        ),
      );
      broken = false;
      const before = channel.requests.length;
      const isUp = (): boolean => channel.requests.slice(before).some(({ isStream }) => isStream);
      for (const message of messages.slice(1)) {
        channel.append(message);
        await untilHanded(t, reading, channel.messages.length);
        await t.until(isUp, 2_500);
      }
      t.check(
        "CLI-LADDER-4",
        claim(isUp(), "another SSE request", "came", "none came"),
        channel.requests.find((request, index) => index >= before && request.isStream),
      );
      channel.close();
      await untilOver(t, reading);
      received(t, "CLI-LADDER-1", reading, messages);
      await nthRequest(t, channel, 1, reading);
    },
  },
];
