import { AckPolicy, DeliverPolicy, type JetStreamManager, jetstreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import type { Bare } from "../../log/bench/questions.ts";

const STREAM = "bare";

interface BareNats extends Bare {
  close(): Promise<void>;
}

/** The place of an append's messages in the stream. */
interface Stored {
  /** The number of messages in the channel up to the end of this append. */
  readonly end: number;
  readonly number: number;
}

/**
 * Bare nats.js making the requests of the log: read the last message, and append one only if that is still
 * the last; a batch is one message. A read requests the last message, and the one that contains the position.
 */
export function openSame(url: string): Promise<BareNats> {
  return opened(url, (manager) => {
    const client = manager.jetstream();
    const stored = new Map<string, Stored[]>();
    const last = (channel: string) =>
      manager.streams.getMessage(STREAM, { last_by_subj: subjectOf(channel) });
    const queues = new Map<string, Promise<unknown>>();
    const append = async (channel: string, texts: readonly string[]): Promise<void> => {
      const lastSubjectSequence = (await last(channel))?.seq ?? 0;
      const expect = { lastSubjectSequence };
      const { seq } = await client.publish(subjectOf(channel), texts.join("\n"), { expect });
      const all = stored.get(channel) ?? [];
      all.push({ end: (all.at(-1)?.end ?? 0) + texts.length, number: seq });
      stored.set(channel, all);
    };
    return {
      // Sequentially, because each append needs the result of the previous one.
      append(channel, texts) {
        const turn = (queues.get(channel) ?? Promise.resolve()).then(() => append(channel, texts));
        queues.set(channel, turn);
        return turn;
      },
      async read(channel, from, limit) {
        const all = stored.get(channel) ?? [];
        const first = lowerBound(all, from);
        const at = all[first];
        const [found] = await Promise.all([
          manager.streams.getMessage(STREAM, { seq: at?.number ?? 1 }),
          last(channel),
        ]);
        const texts = found?.string().split("\n") ?? [];
        const page = texts.slice(texts.length - ((at?.end ?? 0) - from)).slice(0, limit);
        const next = all[first + 1];
        if (page.length === limit || next === undefined) return page;
        const rest = await consume(manager, channel, next.number, limit - page.length);
        return page.concat(rest.flatMap((text) => text.split("\n"))).slice(0, limit);
      },
    };
  });
}

/** The minimum: publish each message, those of a batch concurrently; a consumer for each page. */
export function openPlain(url: string): Promise<BareNats> {
  return opened(url, (manager) => {
    const client = manager.jetstream();
    const firsts = new Map<string, number>();
    return {
      async append(channel, texts) {
        const acks = await Promise.all(texts.map((text) => client.publish(subjectOf(channel), text)));
        if (!firsts.has(channel)) firsts.set(channel, acks[0]?.seq ?? 1);
      },
      read: (channel, from, limit) => consume(manager, channel, (firsts.get(channel) ?? 1) + from, limit),
    };
  });
}

/** Read `limit` messages of a channel with a consumer, starting at the given one. */
async function consume(
  manager: JetStreamManager,
  channel: string,
  number: number,
  most: number,
): Promise<string[]> {
  const { name } = await manager.consumers.add(STREAM, {
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: number,
    filter_subject: subjectOf(channel),
    mem_storage: true,
  });
  const consumer = await manager.jetstream().consumers.get(STREAM, name);
  const texts: string[] = [];
  for await (const message of await consumer.fetch({ max_messages: most, expires: 1_000 })) {
    texts.push(message.string());
    if (message.info.pending === 0) break;
  }
  await consumer.delete();
  return texts;
}

async function opened(url: string, make: (manager: JetStreamManager) => Bare): Promise<BareNats> {
  const connection: NatsConnection = await connect({ servers: url.replace("nats://", "") });
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: STREAM, subjects: [`${STREAM}.>`] });
  const close = async (): Promise<void> => {
    await manager.streams.delete(STREAM);
    await connection.close();
  };
  return { ...make(manager), close };
}

function subjectOf(channel: string): string {
  return `${STREAM}.${Buffer.from(channel).toString("base64url")}`;
}

/** The first append whose end is after a position. */
function lowerBound(all: readonly Stored[], place: number): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle]?.end ?? 0) > place) high = middle;
    else low = middle + 1;
  }
  return low;
}
