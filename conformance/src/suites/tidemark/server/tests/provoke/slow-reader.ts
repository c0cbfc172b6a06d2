import { draft } from "../../../../../engine/drive/driver.ts";
import { claim, different, same } from "../../../../../engine/model/claim.ts";
import { Undecided } from "../../../../../engine/run/checks.ts";
import type { Channel } from "../../../../../engine/wire/channel.ts";
import type { Block } from "../../../../../engine/wire/event-stream.ts";
import { type EventStream, isMessage } from "../../../read/stream.ts";
import type { TestContext } from "../../context/context.ts";
import { trim } from "../../context/faults.ts";
import { endOf } from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";

/** Long, but short enough for a publish to be sent in one piece. */
const MESSAGE_BYTES = 60_000;

/** Together 15 MB: more than the network and a server buffer for a reader. */
const MESSAGES = 256;

/** How long the rest may take once the reader continues to read. */
const REST_MS = 20_000;

/** Publish long messages, numbered from 1, while the stream is not being read. */
async function flood(t: TestContext, channel: Channel, stream: EventStream): Promise<void> {
  stream.exchange.pause(true);
  const padding = "x".repeat(MESSAGE_BYTES);
  for (let number = 1; number <= MESSAGES; number += 1)
    await t.publish(channel, [draft(`${number} ${padding}`)]);
}

/** The blocks with messages. They are long, so only the start of their data is looked at. */
function messagesOf(stream: EventStream): Block[] {
  return stream.blocks.filter(isMessage);
}

/** A reader that falls behind. */
export const slowReaderTests: readonly TestDefinition[] = [
  {
    id: "server/sse/stream-behind-retention-ends",
    title:
      "A stream whose reader falls behind retention ends after a message, and its id stays at that message",
    requirements: ["SSE-END-2"],
    needs: ["sse", "publish", "channels", "provoke"],
    waitsMs: 10_000,
    async run(t) {
      const channel = t.channel();
      const stream = await t.openStream(channel, { after: await endOf(t, channel) });
      await flood(t, channel, stream);
      await trim(t, channel, 0);
      stream.exchange.pause(false);
      await t.until(stream.exchange, () => messagesOf(stream).length >= MESSAGES, REST_MS);
      const messages = messagesOf(stream);
      const numbers = messages.map(({ data = "" }) => Number.parseInt(data.slice(1, 8), 10));
      if (numbers.length === MESSAGES)
        throw new Undecided("NO_DATA", `the reader did not fall behind: it got all ${MESSAGES} messages`);
      const hole = numbers.findIndex((number, index) => number !== index + 1);
      const what = "the messages of the stream";
      t.check(
        "SSE-END-2",
        claim(hole === -1, what, "from the first one on, without a hole", numbers.join(" ")),
      );
      const ended = stream.exchange.ending ?? "open";
      t.check(
        "SSE-END-2",
        different("the stream after the messages were dropped", ended, "open"),
        stream.exchange,
      );
      const last = messages.at(-1)?.id ?? stream.find("$open")?.id;
      t.check("SSE-END-2", same("the last id of the stream", stream.lastId, last), stream.exchange);
    },
  },
];
