import { draft } from "../../../../../engine/drive/driver.ts";
import { claim, same, within } from "../../../../../engine/model/claim.ts";
import { Undecided } from "../../../../../engine/run/checks.ts";
import { isMessage } from "../../../read/stream.ts";
import { fill, numbers } from "../../context/log.ts";
import { StreamReader } from "../../context/stream-reader.ts";
import type { TestDefinition } from "../../definition.ts";

/** How much the network and this process may delay a heartbeat. */
const BEAT_GRACE_MS = 3_000;

/** How long the end of a stream may take to arrive after its cause. */
const END_MS = 8_000;

/** Streams that have carried something, or that drop something. */
export const carriedTests: readonly TestDefinition[] = [
  {
    id: "server/sse/heartbeat-after-messages",
    title: "A stream that has sent messages and falls silent sends a $heartbeat, at the last message",
    requirements: ["SSE-BEAT-1", "SSE-BEAT-2"],
    needs: ["sse", "publish", "channels"],
    waitsMs: 16_000,
    async run(t) {
      const seconds = t.target.claims.heartbeatS ?? 15;
      if (seconds > (t.target.limits?.heartbeatS ?? 60))
        throw new Undecided("BUDGET", `the heartbeat is ${seconds} s`);
      const boundMs = seconds * 1_000 + BEAT_GRACE_MS;
      const channel = t.channel();
      const [begin] = await fill(t, channel, 1);
      const stream = await t.openStream(channel, { after: begin?.cursor ?? "" });
      await t.publish(channel, numbers(2));
      await t.until(stream.exchange, () => stream.messages.length >= 2);
      const last = stream.blocks.findLast(isMessage);
      const isOver = (): boolean => stream.exchange.ending !== undefined;
      if (isOver()) t.notApplicable("the server ended the stream before it was silent");
      t.need(same("messages on the stream", stream.messages.length, 2));
      const beat = () =>
        stream.blocks
          .slice(stream.blocks.findLastIndex(isMessage))
          .find(({ event }) => event === "$heartbeat");
      await t.until(stream.exchange, () => beat() !== undefined, boundMs);
      const came = beat();
      if (!came && stream.exchange.ending === "complete")
        t.notApplicable("the server ended the silent stream");
      t.check(
        "SSE-BEAT-1",
        within("the heartbeat after the messages", came && came.atMs - (last?.atMs ?? 0), boundMs),
      );
      if (came) t.check("SSE-BEAT-2", same("its id", came.id, last?.id));
    },
  },
  {
    id: "server/sse/filtered-stream-is-closed",
    title: "A filtered stream whose channel closes sends $closed, even if the filter dropped all messages",
    requirements: ["SSE-CLOSED-1"],
    needs: ["sse", "event", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      await fill(t, channel, 1);
      const reader = await StreamReader.open(t, channel, "end", { event: "wanted" });
      await t.publish(channel, [draft(1, "unwanted")]);
      await t.close(channel);
      const done = await reader.until((blocks) => blocks.some(({ event }) => event === "$closed"), END_MS);
      const seen = reader.blocks.map(({ event }) => event).join(", ");
      t.check(
        "SSE-CLOSED-1",
        claim(done, "the events of the stream", "$closed at the end", seen),
        reader.stream.exchange,
      );
    },
  },
];
