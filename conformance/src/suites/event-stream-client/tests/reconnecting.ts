import { claim, notBefore } from "../../../engine/model/claim.ts";
import { utf8 } from "../../../engine/wire/bytes.ts";
import type { Answer } from "../../tidemark/client/answers.ts";
import type { ClientTestDefinition } from "../../tidemark/client/client-definition.ts";
import { DOUBLING, DOUBLING_LIMIT_MS, doublingClaim } from "../../tidemark/client/tests/backoff.ts";
import { closed, plain, refusal, reset } from "../answers.ts";
import {
  defineTest,
  delivered,
  events,
  follow,
  needRequest,
  nthRequest,
  untilDelivered,
} from "../following.ts";

const one = plain("id: 1\ndata: one\n\n");
const two = plain("id: 2\ndata: two\n\n");

/** How a response or a connection can end. */
const ENDS: Readonly<Record<string, Answer>> = {
  "the-end": plain(":\n\n"),
  "a-cut": plain(": half a com", { ending: "cut" }),
  "a-closed-connection": closed,
  "a-reset-connection": reset,
};

/** A client that accepts one of them waits ten minutes, and makes no other request during the test. */
const BAD_RETRIES = [
  "-1",
  "0x927c0",
  "6e5",
  "٦٠٠٠٠٠",
  "600000s",
  "600000.0",
  "600000 ",
  " 600000",
  "+600000",
  "",
];

/** The limit on silence that the tests ask for. */
const SILENCE_MS = 1_000;

/** When and how often a client reconnects. */
export const reconnectingTests: readonly ClientTestDefinition[] = [
  ...Object.entries(ENDS).map(([name, end]) =>
    defineTest({
      id: `reconnecting/after-${name}`,
      title: `The client makes another request after ${name.replaceAll("-", " ")}, and reads on`,
      requirements: ["EC-RETRY-1"],
      async run(t) {
        const followed = follow(t, [one, end, two]);
        await needRequest(t, followed, 1);
        await nthRequest(t, followed, 3);
        const { channel, reading } = followed;
        const isBack = channel.requests.length >= 3;
        const again = claim(isBack, `after ${name} the client`, "makes another request", reading.ending);
        if (!t.check("EC-RETRY-1", again, channel.requests.at(-1))) return;
        await untilDelivered(t, followed, 2);
        const wanted = events([
          [undefined, "one"],
          [undefined, "two"],
        ]);
        t.check("EC-RETRY-1", delivered("in all", reading, wanted), channel.requests[2]);
      },
    }),
  ),
  defineTest({
    id: "reconnecting/retry",
    title: "The client waits at least the last retry, also after a stream without one",
    requirements: ["EC-RETRY-2"],
    waitsMs: 2_500,
    async run(t) {
      const followed = follow(t, [plain("retry: 9\nretry: 1200\ndata: one\n\n"), two]);
      for (const number of [2, 3]) {
        const next = await needRequest(t, followed, number);
        const before = followed.channel.requests[number - 2] ?? next;
        t.check("EC-RETRY-2", notBefore(`request ${number}`, before.spanTo(next), 1_190), next);
      }
    },
  }),
  defineTest({
    id: "reconnecting/bad-retries",
    title: "The client ignores a retry that is not made of digits",
    requirements: ["EC-RETRY-3"],
    async run(t) {
      const runs = BAD_RETRIES.map((value) => ({
        value,
        followed: follow(t, [plain(`retry: 10\n\nretry: ${value}\ndata: one\n\n`)]),
      }));
      const control = follow(t, [plain("retry: 10\ndata: one\n\n")]);
      const again = await nthRequest(t, control, 2);
      t.control(
        claim(again !== undefined, "after a valid retry the client", "asks again", control.reading.ending),
      );
      for (const { value, followed } of runs) {
        const next = await nthRequest(t, followed, 2);
        const found = claim(next !== undefined, `after retry: ${value} the client`, "asks again", "waits");
        if (!t.check("EC-RETRY-3", found, followed.channel.requests[0])) return;
      }
    },
  }),
  defineTest({
    id: "reconnecting/own-pace",
    title: "The client asks at most four times a second while its streams end without an event",
    requirements: ["EC-RETRY-4"],
    waitsMs: 2_000,
    async run(t) {
      const seconds = 2;
      const endless: Answer = plain(":\n\n");
      const channel = t.channel({ script: () => endless });
      const reading = t.open(channel, "event-stream", { options: { reconnectMs: undefined as never } });
      await needRequest(t, { channel, reading }, 2);
      await t.watch(seconds * 1_000);
      const count = channel.requests.length - 2;
      const found = claim(
        count <= 4 * seconds,
        `further requests in ${seconds} s`,
        `at most ${4 * seconds}`,
        count,
      );
      t.check("EC-RETRY-4", found);
    },
  }),
  defineTest({
    id: "reconnecting/backs-off",
    title: "After failures in succession the client waits longer, or always long",
    requirements: ["EC-RETRY-5"],
    waitsMs: 12_000,
    async run(t) {
      const failures = Array.from({ length: DOUBLING.failures }, () => closed);
      const options = { reconnectMs: DOUBLING.firstBoundMs };
      const clients = Array.from({ length: DOUBLING.clients }, () =>
        follow(t, [one, ...failures], { options }),
      );
      for (const client of clients) await nthRequest(t, client, DOUBLING.failures + 2, 2 * DOUBLING_LIMIT_MS);
      const failed = clients.map(({ channel }) => channel.requests.slice(1, DOUBLING.failures + 2));
      for (const [index, requests] of failed.entries()) {
        const wanted = DOUBLING.failures + 1;
        const actual = `${requests.length}; the client ${clients[index]?.reading.ending}`;
        t.need(claim(requests.length === wanted, "requests after the first", `${wanted}`, actual));
      }
      t.check("EC-RETRY-5", doublingClaim("a closed connection", failed), failed[0]?.at(-1));
    },
  }),
  defineTest({
    id: "reconnecting/retry-after",
    title: "A client that asks again after a 503 waits at least its Retry-After",
    requirements: ["EC-RETRY-6"],
    waitsMs: 1_500,
    async run(t) {
      const followed = follow(t, [one, refusal(503, [["Retry-After", "1"]]), two]);
      await needRequest(t, followed, 2);
      const again = await nthRequest(t, followed, 3);
      if (again === undefined && followed.reading.hasEnded) t.notApplicable("the client ends at a 503");
      const refused = followed.channel.requests[1];
      t.need(
        claim(again !== undefined, "after a 503 the client", "asks again or ends", followed.reading.ending),
      );
      if (again && refused)
        t.check("EC-RETRY-6", notBefore("the request after the 503", refused.spanTo(again), 990), again);
    },
  }),
  defineTest({
    id: "reconnecting/silence",
    title: "The client replaces a silent connection, and keeps one that brings comments",
    requirements: ["EC-RETRY-7"],
    needs: ["silence"],
    waitsMs: 4_000,
    async run(t) {
      const options = { silenceMs: SILENCE_MS, reconnectMs: 20 };
      const silent = follow(t, [plain("data: one\n\n", { ending: "open" }), two], { options });
      const next = await nthRequest(t, silent, 2);
      const { reading, channel } = silent;
      const replaced = claim(
        next !== undefined,
        "on a silent connection the client",
        "asks again",
        reading.ending,
      );
      t.check("EC-RETRY-7", replaced, channel.requests[0]);
      let more = true;
      const comments: Answer = (reply) => {
        plain("data: one\n\n", { ending: "open" })(reply);
        const tick = (): void => {
          reply.chunk(utf8(":\n\n"));
          if (more && !reply.over) setTimeout(tick, SILENCE_MS / 5);
        };
        tick();
      };
      const kept = follow(t, [comments, two], { options });
      await needRequest(t, kept, 1);
      await t.watch(2.5 * SILENCE_MS);
      more = false;
      const count = kept.channel.requests.length;
      t.check("EC-RETRY-7", {
        ...claim(count === 1, "requests while comments come", "1", count),
        timed: true,
      });
    },
  }),
];
