import { type Claim, claim, same } from "../../../../../engine/model/claim.ts";
import type { Channel } from "../../../../../engine/wire/channel.ts";
import { member, parseJson } from "../../../../../engine/wire/json.ts";
import { describe } from "../../../read/page.ts";
import { refused } from "../../../read/problem.ts";
import { served } from "../../../read/served.ts";
import type { EventStream } from "../../../read/stream.ts";
import type { Query, TestContext } from "../../context/context.ts";
import { cursorsOf, endOf, fill } from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";

/** Invalid cursors in `Last-Event-ID`: browsers may still have ids from before the server spoke Tidemark. */
const NO_CURSORS: readonly string[] = [
  "start",
  "end",
  "latest",
  "a b",
  "id/7",
  "é",
  `${"A".repeat(1025)}`,
  "{}",
];

/** Open a stream with this `Last-Event-ID`. */
async function resumed(
  t: TestContext,
  channel: Channel,
  id: string,
  query: Query = {},
): Promise<EventStream> {
  const value = Buffer.from(id, "utf8").toString("latin1");
  const stream = t.stream(channel, query, [["Last-Event-ID", value]]);
  await t.until(stream.exchange, () => stream.blocks.length > 0);
  return stream;
}

/** How long a stream that begins in the middle of a log may take to send its first message. */
const FIRST_MESSAGE_MS = 4_000;

/** Where a stream begins: the index, among these cursors, of its first message, or else of its first id. */
async function beginning(t: TestContext, stream: EventStream, cursors: readonly string[]): Promise<number> {
  t.need(claim(stream.exchange.status !== 410, "the answer to a cursor of the channel", "no gap", 410));
  await t.until(stream.exchange, () => stream.messages.length > 0, FIRST_MESSAGE_MS);
  const [first] = stream.messages;
  stream.exchange.abort();
  return cursors.indexOf(first?.cursor ?? stream.blocks[0]?.id ?? "");
}

/**
 * The stream begins at the cursor with the index `place`, and not elsewhere. Whether its first message is
 * exactly the next one is for the test of CORE-POSITION-1.
 */
function beginsAt(what: string, begins: number, place: number): Claim {
  const names = begins < 0 ? "an unknown message" : `message ${begins + 1}`;
  return claim(begins === place || begins === place + 1, what, `message ${place + 2}`, names);
}

/** Resuming by `Last-Event-ID`. */
export const resumeTests: readonly TestDefinition[] = [
  {
    id: "server/sse/resumes-after-last-event-id",
    title: "A stream with Last-Event-ID begins with the message after that cursor",
    requirements: ["SSE-RESUME-1"],
    needs: ["sse", "messages"],
    async run(t) {
      const channel = t.channel();
      const cursors = cursorsOf(await fill(t, channel, 5));
      for (const place of [0, 2]) {
        const stream = await resumed(t, channel, cursors[place] ?? "");
        const begins = await beginning(t, stream, cursors);
        t.check("SSE-RESUME-1", beginsAt(`first message after message ${place + 1}`, begins, place));
      }
    },
  },
  {
    id: "server/sse/resume-prefers-last-event-id",
    title: "Last-Event-ID takes precedence over after, because EventSource always repeats its first URL",
    requirements: ["SSE-RESUME-1"],
    needs: ["sse", "messages"],
    async run(t) {
      const channel = t.channel();
      const cursors = cursorsOf(await fill(t, channel, 6));
      for (const after of ["start", "end", cursors[0] ?? "", cursors[4] ?? ""]) {
        const stream = await resumed(t, channel, cursors[2] ?? "", { after });
        const begins = await beginning(t, stream, cursors);
        t.check("SSE-RESUME-1", beginsAt(`first message, with after=${after} in the query`, begins, 2));
      }
    },
  },
  {
    id: "server/sse/resumes-with-nothing-missed",
    title: "A reader that resumes gets what was published while it was disconnected",
    requirements: ["SSE-RESUME-1"],
    needs: ["sse", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const before = cursorsOf(await fill(t, channel, 1));
      const away = cursorsOf(await fill(t, channel, 2));
      const begins = await beginning(t, await resumed(t, channel, before[0] ?? ""), [...before, ...away]);
      t.check("SSE-RESUME-1", beginsAt("first message after the resumption", begins, 0));
    },
  },
  {
    id: "server/sse/resumes-after-the-parameter",
    title:
      "The parameter lastEventId is ignored, or replaces an absent Last-Event-ID; the field takes precedence",
    requirements: ["CORE-PARAM-2", "SSE-RESUME-1", "SSE-RESUME-5"],
    needs: ["sse", "messages"],
    async run(t) {
      const channel = t.channel();
      const cursors = cursorsOf(await fill(t, channel, 5));
      const after = cursors[0] ?? "";
      const plain = await beginning(t, await t.openStream(channel, { after }), cursors);
      t.need(beginsAt("first message without the parameter", plain, 1));
      const query = { lastEventId: cursors[2] ?? "", after };
      const begins = await beginning(t, await t.openStream(channel, query), cursors);
      const names = cursors.map((_, index) => `message ${index + 1}`);
      t.check(
        "CORE-PARAM-2",
        claim(begins === 1 || begins === 3, "first message", "message 2, or message 4", names[begins]),
      );
      t.check("SSE-RESUME-5", claim(begins === 3, "first message", "message 4", names[begins]));
      const both = await beginning(t, await resumed(t, channel, cursors[1] ?? "", query), cursors);
      t.check("SSE-RESUME-1", beginsAt("first message with both the field and the parameter", both, 1));
    },
  },
  {
    id: "server/sse/page-ignores-last-event-id",
    title: "Last-Event-ID is ignored on requests that are not reads by SSE",
    requirements: ["SSE-RESUME-2"],
    needs: ["sse", "poll", "messages"],
    async run(t) {
      const channel = t.channel();
      const [first, second] = await fill(t, channel, 2);
      const page = t.pageOf(
        await t.get(channel, { after: first?.cursor ?? "" }, [["Last-Event-ID", second?.cursor ?? ""]]),
      );
      t.check("SSE-RESUME-2", same("first message of the page", page.messages[0]?.cursor, second?.cursor));
      const odd = await t.get(channel, { after: first?.cursor ?? "" }, [["Last-Event-ID", "not a cursor"]]);
      t.check("SSE-RESUME-2", served("the answer with an invalid Last-Event-ID", odd));
    },
  },
  {
    id: "server/sse/empty-last-event-id-is-ignored",
    title: "An empty Last-Event-ID is ignored, and after decides",
    requirements: ["SSE-RESUME-3"],
    needs: ["sse"],
    async run(t) {
      const channel = t.channel();
      const end = await endOf(t, channel);
      const stream = await resumed(t, channel, "", { after: end });
      t.check("SSE-RESUME-3", served("the answer", stream.exchange));
      t.check("SSE-RESUME-3", same("id of the first block", stream.blocks[0]?.id, end));
    },
  },
  {
    id: "server/sse/foreign-last-event-id-is-a-gap",
    title: "A malformed Last-Event-ID, or start or end, is a gap and not an invalid request",
    requirements: ["SSE-RESUME-4"],
    needs: ["sse"],
    async run(t) {
      const channel = t.channel();
      const control = await t.openStream(channel, { after: "end" });
      t.control(
        claim(control.isStream, "a stream without Last-Event-ID", "a stream", describe(control.exchange)),
      );
      for (const id of NO_CURSORS) {
        const name = id.length > 20 ? `${id.length} characters` : JSON.stringify(id);
        const stream = await resumed(t, channel, id);
        t.check("SSE-RESUME-4", refused(`the answer to Last-Event-ID ${name}`, stream.exchange, "gap"));
        stream.exchange.abort();
      }
    },
  },
  {
    id: "server/sse/repeated-last-event-id-is-a-gap",
    title: "A repeated Last-Event-ID is a gap, even if both have the same cursor",
    requirements: ["SSE-RESUME-4"],
    needs: ["sse"],
    async run(t) {
      const channel = t.channel();
      const end = await endOf(t, channel);
      const control = await resumed(t, channel, end);
      t.control(served("the answer to one Last-Event-ID", control.exchange));
      const twice = t.stream(channel, {}, [
        ["Last-Event-ID", end],
        ["Last-Event-ID", end],
      ]);
      await t.settle(twice.exchange);
      t.check("SSE-RESUME-4", refused("the answer to two of them", twice.exchange, "gap"));
    },
  },
  {
    id: "server/sse/foreign-last-event-id-heals-with-gap",
    title: "With gap=end, a malformed Last-Event-ID is a gap in band, with the reason unknown",
    requirements: ["SSE-RESUME-4"],
    needs: ["sse"],
    async run(t) {
      const channel = t.channel();
      for (const id of ["start", "id/7"]) {
        const stream = await resumed(t, channel, id, { gap: "end" });
        t.check("SSE-RESUME-4", served(`the answer to Last-Event-ID ${id} with gap=end`, stream.exchange));
        const gap = member(parseJson(stream.find("$open")?.data ?? ""), "gap");
        t.check("SSE-RESUME-4", same("`reason` of the gap in $open", member(gap, "reason"), "unknown"));
        stream.exchange.abort();
      }
    },
  },
  {
    id: "server/sse/malformed-after-is-refused-beside-last-event-id",
    title: "A malformed after is refused even if Last-Event-ID takes precedence",
    requirements: ["CORE-PARAM-3"],
    needs: ["sse"],
    async run(t) {
      const channel = t.channel();
      const end = await endOf(t, channel);
      const control = await resumed(t, channel, end, { after: "end" });
      t.control(served("the answer with a valid after", control.exchange));
      const stream = await resumed(t, channel, end, { after: "not a cursor" });
      t.check(
        "CORE-PARAM-3",
        refused("the answer with a malformed after", stream.exchange, "invalid-parameter"),
      );
    },
  },
];
