import { ProtocolError, type RawPage } from "@tidemark/protocol";
import {
  type Beginning,
  type ChannelContext,
  type ChannelRequest,
  type Connection,
  type FeedReader,
  selectEvents,
} from "@tidemark/server-core";
import { heartbeatBlock, openBlock, pageBlocks } from "./blocks.ts";

/** How long a stream has been silent when it sends a heartbeat, as a part of the announced silence. */
const SILENT_PART = 0.5;

/** What every stream of a server has in common. */
export interface StreamSettings {
  readonly heartbeatS: number;
  /** Milliseconds after which a cut stream is to be opened again. */
  readonly retryMs: () => number;
  /** Milliseconds after which a stream ends for the client to open another, or `null`. */
  readonly maxAgeMs: number | null;
}

/**
 * The blocks of one stream, from its first page on. Each chunk is made when the connection asks for it, so a slow
 * reader has nothing queued: it reads on from its own cursor. Ends without a word where the channel is removed,
 * retention overtook it, or its authorization is over.
 */
export async function* streamBlocks(
  beginning: Beginning,
  request: ChannelRequest,
  channel: ChannelContext,
  connection: Connection,
  settings: StreamSettings,
): AsyncGenerator<Uint8Array, void> {
  const { page, gap } = beginning;
  const { heartbeatS, retryMs } = settings;
  try {
    const open = openBlock({ cursor: page.from, heartbeatS, retryMs: retryMs(), gap });
    yield Buffer.concat([Buffer.from(open), pageBlocks(page)]);
    if (page.closed) return;
    const reader = await channel.join({ wantsTicks: true });
    connection.whenLeaving(() => reader.interrupt({ type: "leave" }));
    yield* follow(reader, page.cursor, request, channel, settings);
  } catch (error) {
    if (!endsQuietly(error)) throw error;
  } finally {
    connection.close();
  }
}

async function* follow(
  reader: FeedReader,
  from: string,
  request: ChannelRequest,
  channel: ChannelContext,
  settings: StreamSettings,
): AsyncGenerator<Uint8Array, void> {
  const silentMs = settings.heartbeatS * 1_000 * SILENT_PART;
  const endsAt =
    settings.maxAgeMs === null ? Number.POSITIVE_INFINITY : performance.now() + settings.maxAgeMs;
  let cursor = from;
  let spokeAt = performance.now();
  try {
    for (;;) {
      const news = await reader.next(cursor);
      const now = performance.now();
      if (news.type === "page") {
        cursor = news.page.cursor;
        const blocks = blocksOf(news.page, request.read.events);
        if (blocks.length > 0) {
          spokeAt = now;
          yield blocks;
        }
        if (news.page.closed) return;
      } else if (news.type === "tick") {
        if (now > endsAt) return;
        await channel.judge();
      } else return;
      if (now - spokeAt >= silentMs) {
        spokeAt = now;
        yield Buffer.from(heartbeatBlock(cursor));
      }
    }
  } finally {
    reader.close();
  }
}

function blocksOf(page: RawPage, events: readonly string[] | undefined): Uint8Array {
  return pageBlocks(selectEvents(page, events, page.messages.length));
}

/** Failures after which a stream just ends: what the client is told stands in the answer to its next request. */
function endsQuietly(error: unknown): boolean {
  return error instanceof ProtocolError && error.status < 500;
}
