import { type Draft, draft } from "../../../../../engine/drive/driver.ts";
import { same, sameList, within } from "../../../../../engine/model/claim.ts";
import { ANSWER_LIMIT_MS } from "../../../../../engine/run/http-context.ts";
import type { Channel } from "../../../../../engine/wire/channel.ts";
import { jsonText } from "../../../../../engine/wire/json.ts";
import type { Message } from "../../../read/page.ts";
import { isMessage } from "../../../read/stream.ts";
import type { TestContext } from "../../context/context.ts";
import { GRACE_MS, heldAt, needInTime } from "../../context/hold.ts";
import { endOf, fill, numbers, readOn, wakeWaitS, waysOf } from "../../context/log.ts";
import { StreamReader } from "../../context/stream-reader.ts";
import type { TestDefinition } from "../../definition.ts";

/** The most messages that every server takes in one `POST`. */
const BATCH = 100;

/** Sizes of data in characters: what every server takes, and what many servers take. */
const LARGE = 20_000;
const HUGE = 1_000_000;

/** An answer within this share of the wait was not caused by the end of the wait. */
const WOKEN = 0.75;

/** A string whose JSON text has this many characters. */
function sized(characters: number): Draft {
  return draft(`${"abcdefghij".repeat(characters / 10).slice(0, characters - 3)}!`);
}

/** Data in a few characters. */
function gist({ data }: Message): string {
  const text = jsonText(data);
  return text.length < 60 ? text : `${text.slice(0, 20)}…${text.slice(-20)} (${text.length} characters)`;
}

/** One read makes at most this many requests: with one message a page, it sees only the first messages of a long log. */
const MANY_PAGES = 100;

/** Read the numbers from 1 to `count` back in every way. */
async function checkReplay(t: TestContext, channel: Channel, before: string, count: number): Promise<void> {
  const expected = numbers(count).map(({ json }) => json);
  for (const way of waysOf(t)) {
    const read = await readOn(t, channel, way, before, (messages) => messages.length >= count);
    const isStream = way === "sse" || way === "sse-header";
    const isPart = isStream ? read.length === MANY_PAGES : read.length >= MANY_PAGES && read.length < count;
    const what = `the data of ${count} messages, by ${way}`;
    t.check(
      "CORE-POSITION-1",
      sameList(what, read.map(gist), isPart ? expected.slice(0, read.length) : expected),
    );
  }
}

/** Logs and messages that are larger than a buffer or a page. */
export const largeTests: readonly TestDefinition[] = [
  {
    id: "server/core/more-than-fifty-messages-are-replayed",
    title: "A reader far behind gets all of 64 messages, by every mechanism",
    requirements: ["CORE-POSITION-1"],
    needs: ["publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const before = await endOf(t, channel);
      await t.publish(channel, numbers(64));
      await checkReplay(t, channel, before, 64);
    },
  },
  {
    id: "server/core/more-than-a-thousand-messages-are-replayed",
    title: "A reader very far behind gets all of 1,100 messages, by every mechanism",
    requirements: ["CORE-POSITION-1"],
    needs: ["publishing", "channels"],
    waitsMs: 5_000,
    async run(t) {
      const channel = t.channel();
      const before = await endOf(t, channel);
      const drafts = numbers(11 * BATCH);
      for (let at = 0; at < drafts.length; at += BATCH)
        await t.publish(channel, drafts.slice(at, at + BATCH));
      await checkReplay(t, channel, before, drafts.length);
    },
  },
  {
    id: "server/core/large-messages-are-replayed",
    title:
      "Messages of 20 kB and, where the server takes them, of 1 MB are delivered whole by every mechanism",
    requirements: ["CORE-MESSAGE-1"],
    needs: ["publishing", "channels"],
    async run(t) {
      for (const characters of [LARGE, HUGE]) {
        const channel = t.channel();
        const before = await endOf(t, channel);
        const { json } = sized(characters);
        const post = await t.post(channel, `{"messages":[{"data":${json}},{"data":2}]}`);
        if (post.status === 413) return t.note(`the server takes no message of ${characters} characters`);
        t.need(same("whether the publish was carried out", (post.status ?? 500) < 300, true));
        for (const way of waysOf(t)) {
          const read = await readOn(t, channel, way, before, (messages) => messages.length >= 2);
          const isWhole = read[0] !== undefined && jsonText(read[0].data) === json;
          const seen = isWhole ? "as published" : read.map(gist).join();
          const what = `a message of ${characters} characters, by ${way}`;
          t.check("CORE-MESSAGE-1", same(what, seen, "as published"));
        }
      }
    },
  },
  {
    id: "server/sse/large-message-comes-live",
    title: "An open stream sends a message of 20 kB live, and the small one after it",
    requirements: ["SSE-MESSAGE-2"],
    needs: ["sse", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const reader = await StreamReader.open(t, channel, "end");
      await t.publish(channel, [sized(LARGE)]);
      await t.publish(channel, [draft(2)]);
      const lengths = (): string[] =>
        reader.blocks.filter(isMessage).map(({ data = "" }) => String(data.length));
      await reader.until(() => lengths().length >= 2, ANSWER_LIMIT_MS);
      const what = "the lengths of the live messages";
      t.check("SSE-MESSAGE-2", sameList(what, lengths(), [String(LARGE), "1"]), reader.stream.exchange);
    },
  },
  {
    id: "server/long-polling/large-message-ends-the-hold",
    title: "A held request is answered with a message of 20 kB",
    requirements: ["LP-WAIT-1"],
    needs: ["long-poll", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const [message] = await fill(t, channel, 1);
      const waitS = wakeWaitS(t);
      const held = await heldAt(t, channel, message?.cursor ?? "", waitS);
      await t.publish(channel, [sized(LARGE)]);
      const doneAtMs = held.elapsedMs;
      const page = t.pageOf(await t.finish(held, waitS * 1_000 + GRACE_MS));
      needInTime(held, waitS, doneAtMs);
      const lateMs = (held.headAtMs ?? 0) - doneAtMs;
      t.check("LP-WAIT-1", within("the answer after the publish", lateMs, waitS * 1_000 * WOKEN), held);
      const lengths = page.messages.map(({ data }) => String(jsonText(data).length));
      t.check("LP-WAIT-1", sameList("the lengths of the messages", lengths, [String(LARGE)]), held);
    },
  },
];
