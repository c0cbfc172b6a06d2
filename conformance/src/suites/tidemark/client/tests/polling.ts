import { claim, notBefore, same, within } from "../../../../engine/model/claim.ts";
import { type Answer, CLAIMS, page, pageText } from "../answers.ts";
import type { ClientTestDefinition } from "../client-definition.ts";
import { numbered } from "../scripted-log.ts";
import { handedOn, nthRequest, untilOver } from "./following.ts";

/** How long a polling client waits after a page without `retry`. */
const DEFAULT_RETRY_MS = 5_000;

/** Limit for a request that is due at once; a client that waits for the interval takes longer. */
const AT_ONCE_MS = 3_000;

/** Tolerance for a clock of whole milliseconds. */
const TICK_MS = 5;

/** When a client sends polls. */
export const pollingTests: readonly ClientTestDefinition[] = [
  {
    id: "client/poll/asks-on-at-once-for-more",
    title: "After a page with more the client polls again at once, whatever the interval",
    requirements: ["POLL-CLIENT-2"],
    needs: ["poll"],
    async run(t) {
      const messages = numbered(4);
      const [first, second] = [messages.slice(0, 2), messages.slice(2)];
      const answers = [
        page({ messages: first, cursor: "M-2", more: true, retry: 20_000 }),
        page({ messages: second, cursor: "M-4", closed: true }),
      ];
      const channel = t.channel({ script: (_, number) => answers[number - 1] });
      const reading = t.open(channel, "poll");
      const next = await nthRequest(t, channel, 2, reading);
      t.need(claim(channel.requests.length > 0, "requests", "at least one", channel.requests.length));
      t.check(
        "POLL-CLIENT-2",
        within("the next poll", next && channel.requests[0]?.until(next), AT_ONCE_MS),
        next,
      );
    },
  },
  {
    id: "client/poll/waits-for-retry",
    title: "After a page without more the client waits for its retry before the next poll",
    requirements: ["POLL-CLIENT-3"],
    needs: ["poll"],
    waitsMs: 1_000,
    async run(t) {
      const answers = [
        page({ messages: numbered(1), cursor: "M-1", retry: 600 }),
        page({ cursor: "M-1", retry: 400 }),
        page({ cursor: "M-1", closed: true }),
      ];
      const channel = t.channel({ script: (_, number) => answers[number - 1] });
      const last = await nthRequest(t, channel, 3, t.open(channel, "poll"));
      t.need(claim(last !== undefined, "polls", "three", channel.requests.length));
      const [first, second] = channel.requests;
      if (!first || !second || !last) return;
      t.check(
        "POLL-CLIENT-3",
        notBefore("the poll after retry: 600", first.spanTo(second), 600 - TICK_MS),
        second,
      );
      t.check(
        "POLL-CLIENT-3",
        notBefore("the poll after retry: 400", second.spanTo(last), 400 - TICK_MS),
        last,
      );
    },
  },
  {
    id: "client/poll/waits-five-seconds",
    title: "After a page without more and without retry the client waits 5 s before the next poll",
    requirements: ["POLL-CLIENT-3"],
    needs: ["poll"],
    waitsMs: DEFAULT_RETRY_MS,
    async run(t) {
      const channel = t.channel({
        script: (_, number) => page({ cursor: "M-1", ...(number === 1 ? {} : { closed: true }) }),
      });
      const next = await nthRequest(t, channel, 2, t.open(channel, "poll"));
      const [first] = channel.requests;
      t.need(claim(next !== undefined, "polls", "two", channel.requests.length));
      if (!first || !next) return;
      t.check(
        "POLL-CLIENT-3",
        notBefore("the next poll", first.spanTo(next), DEFAULT_RETRY_MS - TICK_MS),
        next,
      );
    },
  },
  {
    id: "client/poll/not-modified-brings-nothing-again",
    title: "After a 304 the client keeps its page, and delivers nothing of it again",
    requirements: ["POLL-CLIENT-4"],
    needs: ["poll"],
    async run(t) {
      const messages = numbered(3);
      const read = messages.slice(0, 2);
      // The tag identifies the state of the channel: all pages of that state have it.
      const tagged: Answer = (reply) => {
        const tag = ["ETag", 'W/"one"'] as const;
        if (reply.request.header("if-none-match") !== undefined)
          return reply.whole(304, [["Tidemark", "v=1"], tag]);
        const left = reply.request.position === "M-2" ? [] : read;
        const headers = [
          ["Tidemark", CLAIMS],
          ["Vary", "Accept"],
          ["Cache-Control", "private, no-cache"],
          tag,
        ] as const;
        const text = pageText({ messages: left, cursor: "M-2", retry: 10 });
        return reply.whole(200, [...headers, ["Content-Type", "application/json"]], text);
      };
      const channel = t.channel({
        messages,
        closed: true,
        script: (_, number) => (number <= 3 ? tagged : undefined),
      });
      const reading = t.open(channel, "poll");
      const last = await nthRequest(t, channel, 4, reading);
      await untilOver(t, reading);
      const asked = channel.requests.slice(0, 3).some((request) => request.header("if-none-match"));
      if (!asked) t.notApplicable("the client never sends If-None-Match");
      t.check("POLL-CLIENT-4", same("position after 304", last?.position, "M-2"), last);
      t.check("POLL-CLIENT-4", handedOn(reading, messages), last);
    },
  },
];
