import { draft } from "../../../../../engine/drive/driver.ts";
import { within } from "../../../../../engine/model/claim.ts";
import { withQuery } from "../../../../../engine/wire/channel.ts";
import { EventStream, isMessage } from "../../../read/stream.ts";
import type { TestDefinition } from "../../definition.ts";

/** What browsers send, as far as this process can decode it. */
const AS_BROWSERS = ["Accept-Encoding", "gzip, deflate, br"] as const;

/** How long an event may take until it can be decoded; less than a heartbeat, whose bytes would push it out. */
const SHARE = 0.7;
const LONGEST_MS = 8_000;

/** Streams for clients that accept content codings. */
export const codedTests: readonly TestDefinition[] = [
  {
    id: "server/sse/coded-stream-is-flushed",
    title: "If a stream is compressed on request, each event can be decoded as soon as it is sent",
    requirements: ["SSE-STREAM-2", "SSE-MESSAGE-2"],
    needs: ["sse", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const boundMs = Math.min((t.target.claims.heartbeatS ?? 15) * 1_000 * SHARE, LONGEST_MS);
      const stream = new EventStream(
        t.send({ url: withQuery(channel.url, { stream: 1, after: "end" }), headers: [AS_BROWSERS] }),
      );
      await t.until(stream.exchange, () => stream.blocks.length > 0, boundMs);
      t.check("SSE-STREAM-2", within("the first block", stream.blocks[0]?.atMs, boundMs));
      for (let value = 1; value <= 3 && stream.exchange.ending === undefined; value += 1) {
        await t.publish(channel, [draft(value)]);
        const sentAtMs = stream.exchange.elapsedMs;
        const count = (): number => stream.blocks.filter(isMessage).length;
        await t.until(stream.exchange, () => count() >= value, boundMs);
        if (count() < value && stream.exchange.ending !== undefined) return; // a server may end it after any block
        const tookMs = count() >= value ? Math.max(0, stream.exchange.elapsedMs - sentAtMs) : undefined;
        t.check("SSE-MESSAGE-2", within(`message ${value} in plain text`, tookMs, boundMs));
      }
    },
  },
];
