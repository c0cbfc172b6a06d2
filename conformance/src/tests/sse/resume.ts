import type { Query, TestContext } from "../../context/context.ts";
import { endOf, fill } from "../../context/log.ts";
import { claim, same, sameList } from "../../model/claim.ts";
import { describe } from "../../read/page.ts";
import { refused } from "../../read/problem.ts";
import { served } from "../../read/served.ts";
import type { EventStream } from "../../read/stream.ts";
import type { TestDefinition } from "../../run/definition.ts";
import type { Channel } from "../../run/target.ts";
import { member, parseJson } from "../../wire/json.ts";

/** Values of `Last-Event-ID` that are no cursor, though applications of old may have sent them as ids. */
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

/** Resuming by `Last-Event-ID`. */
export const resumeTests: readonly TestDefinition[] = [
  {
    id: "server/sse/resumes-after-last-event-id",
    title: "A stream with Last-Event-ID begins with the message after that cursor",
    requirements: ["SSE-RESUME-1"],
    needs: ["sse", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const [first, second] = await fill(t, channel, 3);
      const stream = await resumed(t, channel, first?.cursor ?? "");
      await t.until(stream.exchange, () => stream.messages.length > 0);
      t.check("SSE-RESUME-1", same("id of the first block", stream.blocks[0]?.id, first?.cursor));
      if (stream.messages.length === 0 && stream.exchange.ending !== undefined) return;
      t.check(
        "SSE-RESUME-1",
        same("cursor of the first message", stream.messages[0]?.cursor, second?.cursor),
      );
    },
  },
  {
    id: "server/sse/resume-prefers-last-event-id",
    title: "Last-Event-ID wins over after, as EventSource repeats its first URL",
    requirements: ["SSE-RESUME-1"],
    needs: ["sse", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const [first, second] = await fill(t, channel, 3);
      for (const after of ["start", "end", first?.cursor ?? ""]) {
        const stream = await resumed(t, channel, second?.cursor ?? "", { after });
        t.check(
          "SSE-RESUME-1",
          same(`id of the first block, with after=${after} beside it`, stream.blocks[0]?.id, second?.cursor),
        );
        stream.exchange.abort();
      }
    },
  },
  {
    id: "server/sse/resumes-with-nothing-missed",
    title: "What is published while the reader is away comes when it resumes",
    requirements: ["SSE-RESUME-1"],
    needs: ["sse", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const [before] = await fill(t, channel, 1);
      const away = await fill(t, channel, 2);
      const stream = await resumed(t, channel, before?.cursor ?? "");
      await t.until(stream.exchange, () => stream.messages.length >= 2);
      if (stream.messages.length < 2 && stream.exchange.ending !== undefined)
        t.notApplicable("the server ends its streams early");
      const cursors = stream.messages.map(({ cursor }) => cursor);
      t.check(
        "SSE-RESUME-1",
        sameList(
          "messages after the resumption",
          cursors,
          away.map(({ cursor }) => cursor),
        ),
      );
    },
  },
  {
    id: "server/sse/page-ignores-last-event-id",
    title: "Last-Event-ID is ignored on requests that are not read by SSE",
    requirements: ["SSE-RESUME-2"],
    needs: ["sse", "poll", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const [first, second] = await fill(t, channel, 2);
      const page = t.pageOf(
        await t.get(channel, { after: first?.cursor ?? "" }, [["Last-Event-ID", second?.cursor ?? ""]]),
      );
      t.check("SSE-RESUME-2", same("first message of the page", page.messages[0]?.cursor, second?.cursor));
      const odd = await t.get(channel, { after: first?.cursor ?? "" }, [["Last-Event-ID", "not a cursor"]]);
      t.check("SSE-RESUME-2", served("the answer with a Last-Event-ID that is no cursor", odd));
    },
  },
  {
    id: "server/sse/empty-last-event-id-is-ignored",
    title: "An empty Last-Event-ID is as good as none: after counts",
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
    title: "A Last-Event-ID outside the grammar, or a reserved word, is a gap and no malformed request",
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
    id: "server/sse/foreign-last-event-id-heals-with-gap",
    title: "With gap, a Last-Event-ID outside the grammar is told in band, with the reason unknown",
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
    title: "A malformed after is refused even where Last-Event-ID would win",
    requirements: ["CORE-PARAM-3"],
    needs: ["sse"],
    async run(t) {
      const channel = t.channel();
      const end = await endOf(t, channel);
      const control = await resumed(t, channel, end, { after: "end" });
      t.control(served("the answer with a good after", control.exchange));
      const stream = await resumed(t, channel, end, { after: "not a cursor" });
      t.check(
        "CORE-PARAM-3",
        refused("the answer with a malformed after", stream.exchange, "invalid-parameter"),
      );
    },
  },
];
