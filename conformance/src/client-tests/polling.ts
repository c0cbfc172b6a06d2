import { type Answer, json, page, pageText } from "../client/answers.ts";
import type { ClientTestDefinition } from "../client/client-definition.ts";
import { numbered } from "../client/scripted-log.ts";
import { claim, notBefore, within } from "../model/claim.ts";
import { nthRequest, received, untilHanded } from "./following.ts";

/** What a page without `retry` makes a polling client wait. */
const DEFAULT_RETRY_MS = 5_000;

/** What is due at once comes before this; a client that waits for the interval takes longer. */
const AT_ONCE_MS = 3_000;

/** A clock of whole milliseconds can be off by so much. */
const TICK_MS = 5;

/** When polls are sent. */
export const pollingTests: readonly ClientTestDefinition[] = [
  {
    id: "client/poll/asks-on-at-once-for-more",
    title: "After a page with more the next poll comes at once, whatever the interval",
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
    title: "After a page without more the next poll waits for its retry",
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
        notBefore("the poll after retry: 600", first.until(second), 600 - TICK_MS),
        second,
      );
      t.check(
        "POLL-CLIENT-3",
        notBefore("the poll after retry: 400", second.until(last), 400 - TICK_MS),
        last,
      );
    },
  },
  {
    id: "client/poll/waits-five-seconds",
    title: "After a page without more and without retry the next poll waits 5 s",
    requirements: ["POLL-CLIENT-3"],
    needs: ["poll"],
    waitsMs: DEFAULT_RETRY_MS,
    async run(t) {
      const channel = t.channel({
        script: (_, number) => page({ cursor: "M-1", ...(number === 1 ? {} : { closed: true }) }),
      });
      const next = await nthRequest(t, channel, 2, t.open(channel, "poll"));
      t.need(claim(next !== undefined, "polls", "two", channel.requests.length));
      const waited = next ? (channel.requests[0]?.until(next) ?? 0) : 0;
      t.check("POLL-CLIENT-3", notBefore("the next poll", waited, DEFAULT_RETRY_MS - TICK_MS), next);
    },
  },
  {
    id: "client/poll/not-modified-brings-nothing-again",
    title: "A 304 stands for the page that the client has, and nothing of it is handed on again",
    requirements: ["POLL-CLIENT-4"],
    needs: ["poll"],
    async run(t) {
      const messages = numbered(3);
      const tagged: Answer = (reply) => {
        const cached = reply.request.header("if-none-match") !== undefined;
        if (cached)
          return reply.whole(304, [
            ["Tidemark", "v=1"],
            ["ETag", 'W/"one"'],
          ]);
        const text = pageText({ messages: messages.slice(0, 2), cursor: "M-2", retry: 10 });
        return json(200, text, undefined, [
          ["ETag", 'W/"one"'],
          ["Cache-Control", "private, no-cache"],
        ])(reply);
      };
      const channel = t.channel({
        messages,
        closed: true,
        script: (_, number) => (number <= 3 ? tagged : undefined),
      });
      const reading = t.open(channel, "poll");
      await untilHanded(t, reading, messages.length);
      const asked = channel.requests.some((request) => request.header("if-none-match") !== undefined);
      if (!asked) t.notApplicable("the client never sends If-None-Match");
      received(t, "POLL-CLIENT-4", reading, messages);
    },
  },
];
