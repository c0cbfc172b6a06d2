import { claim, notBefore, same, within } from "../../../../engine/model/claim.ts";
import { type Answer, CLAIMS, page } from "../answers.ts";
import type { ClientTestDefinition } from "../client-definition.ts";
import { numbered } from "../scripted-log.ts";
import type { SeenRequest } from "../seen-request.ts";
import { DOUBLING, DOUBLING_LIMIT_MS, doublingClaim } from "./backoff.ts";
import { handedOnce, nthRequest, received, untilHanded } from "./following.ts";

/** Limit for a request that is due at once; a client that waits for the interval takes longer. */
const AT_ONCE_MS = 3_000;

/** The longest wait of the server, although the client asks for more. */
const SHORT_WAIT_MS = 1_000;

/** Tolerance for a clock of whole milliseconds. */
const TICK_MS = 5;

/** How long a poll is held to see whether a second one comes, and after what time an impatient client sends it. */
const HELD_MS = 3_000;
const IMPATIENCE_MS = 1_000;

/** When a client sends long polls, and when it gives one up. */
export const longPollingTests: readonly ClientTestDefinition[] = [
  {
    id: "client/long-poll/one-at-a-time",
    title: "A subscription never has two long polls pending",
    requirements: ["LP-CLIENT-1", "CLI-ORDER-1"],
    needs: ["long-poll"],
    waitsMs: 4_500,
    async run(t) {
      const messages = numbered(6);
      const channel = t.channel({ messages: messages.slice(0, 1), pageSize: 1 });
      const reading = t.open(channel, "long-poll", { options: { waitMs: HELD_MS } });
      for (const [index, message] of messages.slice(1).entries()) {
        await t.until(
          () => openAt(channel.requests).length > 0 && reading.messages.length >= channel.messages.length,
        );
        if (index === 0) await t.watch(IMPATIENCE_MS); // an impatient client asks a second time
        channel.append(message);
      }
      await untilHanded(t, reading, messages.length);
      await t.until(
        () => channel.requests.filter(({ ending }) => ending === "complete").length > messages.length,
        HELD_MS + 4_000,
      );
      channel.close();
      const held = channel.requests.filter(({ waitS }) => waitS !== undefined);
      t.need(claim(held.length >= messages.length, "long polls", `${messages.length} or more`, held.length));
      t.check("LP-CLIENT-1", same("long polls that came while another was pending", overlaps(held), 0));
      handedOnce(t, reading, messages);
    },
  },
  {
    id: "client/long-poll/asks-on-at-once",
    title:
      "The client sends the next long poll at once, after a page with messages and after a wait that brought none",
    requirements: ["LP-CLIENT-2"],
    needs: ["long-poll"],
    waitsMs: 1_000,
    async run(t) {
      const channel = t.channel({ messages: numbered(1) });
      const last = await nthRequest(t, channel, 3, t.open(channel, "long-poll"));
      const [first, held] = channel.requests;
      t.need(
        claim(
          first?.ending === "complete" && held !== undefined,
          "long polls",
          "at least two",
          channel.requests.length,
        ),
      );
      if (!first || !held) return;
      t.check("LP-CLIENT-2", within("the long poll after a message", first.until(held), AT_ONCE_MS), held);
      t.check(
        "LP-CLIENT-2",
        within("the long poll after the wait", last && held.until(last), AT_ONCE_MS),
        last,
      );
    },
  },
  {
    id: "client/long-poll/early-empty-answers-are-failures",
    title: "The client backs off after empty answers that come before three quarters of the wait",
    requirements: ["LP-CLIENT-3"],
    needs: ["long-poll"],
    waitsMs: 6_000,
    async run(t) {
      const options = { reconnectMs: DOUBLING.firstBoundMs, waitMs: 60_000 };
      const script = (_: unknown, number: number) =>
        page({ cursor: "M-1", ...(number > DOUBLING.failures + 2 ? { closed: true } : {}) });
      const clients = Array.from({ length: DOUBLING.clients }, () => {
        const channel = t.channel({ script });
        return { channel, reading: t.open(channel, "long-poll", { options }) };
      });
      for (const { channel, reading } of clients)
        await nthRequest(t, channel, DOUBLING.failures + 2, reading, DOUBLING_LIMIT_MS);
      const early = clients.map(({ channel }) => channel.requests.slice(1, DOUBLING.failures + 2));
      for (const requests of early) {
        const isLong = requests.length > 0 && requests.every(({ waitS = 0 }) => waitS > 10);
        t.need(
          claim(
            isLong,
            "waits",
            "more than 10 s",
            requests.map(({ waitS }) => waitS),
          ),
        );
        t.need(same("requests after the first early answer", requests.length - 1, DOUBLING.failures));
      }
      t.check("LP-CLIENT-3", doublingClaim("an early answer", early), early[0]?.at(-1));
    },
  },
  {
    id: "client/long-poll/goes-by-the-wait-that-it-gets",
    title:
      "An empty answer at the end of a shorter wait, which the server claims, does not count as a failure",
    requirements: ["LP-CLIENT-2"],
    needs: ["long-poll"],
    waitsMs: 3 * SHORT_WAIT_MS,
    async run(t) {
      const options = { reconnectMs: 20_000, waitMs: 60_000 };
      const claims = CLAIMS.replace("max-wait=60", `max-wait=${SHORT_WAIT_MS / 1_000}`);
      const empty = page({ cursor: "M-1" }, claims);
      const held: Answer = (reply) => void setTimeout(() => empty(reply), SHORT_WAIT_MS);
      const script = (_: unknown, number: number) => (number === 1 ? empty : held);
      const channel = t.channel({ script });
      const last = await nthRequest(t, channel, 5, t.open(channel, "long-poll", { options }));
      const [, first, second, third] = channel.requests;
      t.need(claim(first !== undefined, "long polls", "two or more", channel.requests.length));
      const pairs = [
        [first, second],
        [second, third],
        [third, last],
      ];
      for (const [before, next] of pairs)
        t.check(
          "LP-CLIENT-2",
          within("the long poll after an empty answer", before && next && before.until(next), AT_ONCE_MS),
          next,
        );
      channel.close();
    },
  },
  {
    id: "client/long-poll/waits-for-retry",
    title: "After a page with retry the client waits that long, whatever else the page contains",
    requirements: ["LP-CLIENT-4"],
    needs: ["long-poll"],
    waitsMs: 1_200,
    async run(t) {
      const answers = [
        page({ messages: numbered(1), cursor: "M-1", more: true, retry: 600 }),
        page({ cursor: "M-1", retry: 500 }),
        page({ cursor: "M-1", closed: true }),
      ];
      const channel = t.channel({ script: (_, number) => answers[number - 1] });
      const last = await nthRequest(t, channel, 3, t.open(channel, "long-poll"));
      const [first, second] = channel.requests;
      t.need(claim(last !== undefined, "long polls", "three", channel.requests.length));
      if (!first || !second || !last) return;
      t.check(
        "LP-CLIENT-4",
        notBefore("the long poll after retry: 600", first.spanTo(second), 600 - TICK_MS),
        second,
      );
      t.check(
        "LP-CLIENT-4",
        notBefore("the long poll after retry: 500", second.spanTo(last), 500 - TICK_MS),
        last,
      );
    },
  },
  {
    id: "client/long-poll/gives-up-a-dead-poll",
    title:
      "The client gives up a long poll without an answer 15 s after its wait, and asks again from its position",
    requirements: ["LP-CLIENT-5"],
    needs: ["long-poll"],
    waitsMs: 16_000,
    async run(t) {
      const messages = numbered(2);
      const channel = t.channel({
        messages,
        closed: true,
        script: (_, number) => {
          if (number === 1) return page({ messages: messages.slice(0, 1), cursor: "M-1" });
          return number === 2 ? () => undefined : undefined;
        },
      });
      const reading = t.open(channel, "long-poll");
      const dead = await nthRequest(t, channel, 2, reading);
      t.need(claim(dead?.waitS !== undefined, "a second long poll", "came", channel.requests.length));
      const limitMs = ((dead?.waitS ?? 1) + 25) * 1_000;
      await t.until(() => channel.requests.length > 2, limitMs);
      const again = channel.requests[2];
      t.check(
        "LP-CLIENT-5",
        within("the next long poll", dead && again && again.at - dead.at, limitMs),
        again,
      );
      t.check("LP-CLIENT-5", same("the position of the next long poll", again?.position, "M-1"), again);
      await untilHanded(t, reading, messages.length);
      received(t, "LP-CLIENT-5", reading, messages);
    },
  },
];

/** Requests that are not answered yet. */
function openAt(requests: readonly SeenRequest[]): readonly SeenRequest[] {
  return requests.filter(({ ending }) => ending === undefined);
}

/** How many requests came before the answer to the previous one had ended. */
function overlaps(requests: readonly SeenRequest[]): number {
  return requests.filter((request, index) => {
    const before = requests[index - 1];
    return before !== undefined && (before.endedAt === undefined || before.endedAt > request.at);
  }).length;
}
