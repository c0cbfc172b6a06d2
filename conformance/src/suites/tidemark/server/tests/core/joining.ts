import { draft } from "../../../../../engine/drive/driver.ts";
import { sameList } from "../../../../../engine/model/claim.ts";
import type { Channel } from "../../../../../engine/wire/channel.ts";
import type { Block } from "../../../../../engine/wire/event-stream.ts";
import type { Exchange } from "../../../../../engine/wire/exchange.ts";
import { jsonText } from "../../../../../engine/wire/json.ts";
import { isMessage } from "../../../read/stream.ts";
import type { TestContext } from "../../context/context.ts";
import { endOf, readOn } from "../../context/log.ts";
import { StreamReader } from "../../context/stream-reader.ts";
import type { TestDefinition } from "../../definition.ts";

/** How many messages are published while a reader starts. */
const JOIN_COUNT = 40;

/** How long a stream may take to deliver them once all are published; longer if this process lags. */
const JOIN_STEP_MS = 4_000;

type JoiningWay = "poll" | "long-poll" | "sse";

/** A reader that starts while messages are published gets each once, across the seam of replay and live. */
function joinsWhilePublishing(way: JoiningWay, name: string): TestDefinition {
  return {
    id: `server/core/joins-while-publishing-by-${way}`,
    title: `A reader ${name} that starts while messages are published gets each of them once, in order`,
    requirements: ["CORE-POSITION-1"],
    needs: [way, "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const before = await endOf(t, channel);
      let isOver = false;
      const publishing = publishAll(t, channel).finally(() => {
        isOver = true;
      });
      const reading =
        way === "sse"
          ? streamWhile(t, channel, before, () => isOver)
          : pollWhile(t, channel, way, before, () => isOver);
      const [, heard] = await Promise.all([publishing, reading]);
      const expected = Array.from({ length: JOIN_COUNT }, (_, index) => String(index + 1));
      const data = heard.map(({ value }) => value);
      const seen = sameList("data of the reader", data, expected);
      const isLasting = !seen.ok && (await readAfterwards(t, channel, way, before)) < JOIN_COUNT;
      const wrong = heard.find(({ value }, index) => value !== expected[index]) ?? heard.at(-1);
      t.check("CORE-POSITION-1", seen, isLasting ? undefined : wrong?.exchange);
    },
  };
}

/** Read again after all publishes, to tell a fault of the log from a fault of the concurrent read. */
async function readAfterwards(
  t: TestContext,
  channel: Channel,
  way: JoiningWay,
  before: string,
): Promise<number> {
  const all = await readOn(t, channel, way, before, (messages) => messages.length >= JOIN_COUNT);
  t.note(`a reader that starts after all publishes gets ${all.length} of ${JOIN_COUNT} messages`);
  return all.length;
}

/** A value that a reader got, and the request that brought it. */
interface Heard {
  readonly value: string;
  readonly exchange: Exchange;
}

/** Read by SSE until every message has come, or until a step that began after all publishes is over. */
async function streamWhile(
  t: TestContext,
  channel: Channel,
  after: string,
  isOver: () => boolean,
): Promise<Heard[]> {
  const reader = await StreamReader.open(t, channel, after);
  const hasAll = (blocks: readonly Block[]): boolean => blocks.filter(isMessage).length >= JOIN_COUNT;
  for (let isLast = false; !isLast; ) {
    const isAfterAll = isOver();
    isLast = (await reader.until(hasAll, JOIN_STEP_MS)) || isAfterAll;
  }
  const { exchange } = reader.stream;
  return reader.blocks.filter(isMessage).map(({ data = "" }) => ({ value: data, exchange }));
}

/** Read pages until every message has come, or a page that was requested after all publishes is empty. */
async function pollWhile(
  t: TestContext,
  channel: Channel,
  way: JoiningWay,
  after: string,
  isOver: () => boolean,
): Promise<Heard[]> {
  const heard: Heard[] = [];
  let position = after;
  for (let isLast = false; heard.length < JOIN_COUNT && !isLast; ) {
    const isAfterAll = isOver();
    const exchange = await t.get(channel, { after: position, ...(way === "long-poll" ? { wait: 1 } : {}) });
    const page = t.pageOf(exchange);
    heard.push(...page.messages.map(({ data }) => ({ value: jsonText(data), exchange })));
    position = page.cursor;
    isLast = isAfterAll && page.messages.length === 0;
  }
  return heard;
}

async function publishAll(t: TestContext, channel: Channel): Promise<void> {
  for (let value = 1; value <= JOIN_COUNT; value += 1) await t.publish(channel, [draft(value)]);
}

/** Readers that start during a series of publishes. */
export const joiningTests: readonly TestDefinition[] = [
  joinsWhilePublishing("poll", "by polling"),
  joinsWhilePublishing("long-poll", "by long polling"),
  joinsWhilePublishing("sse", "by SSE"),
];
