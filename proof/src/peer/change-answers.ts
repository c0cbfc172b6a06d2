import type { RawPage, ReadRequest } from "@tidemark/protocol";
import {
  type Answer,
  altered,
  type ChannelContext,
  type ChannelRequest,
  FEED_READ,
  type FeedReader,
  type Follower,
  type Mechanism,
} from "@tidemark/server-core";
import { type News, nextOf } from "../../../packages/server-core/test/next.ts";
import type { Parts } from "./parts.ts";
import { chunksOf, streamOf } from "./plain-streams.ts";

type Name = Mechanism["name"];

/** Change the mechanisms with these names. */
export function mechanism(
  names: readonly Name[],
  change: (mechanism: Mechanism) => Partial<Mechanism>,
): Parts {
  return {
    mechanisms: (mechanisms) =>
      mechanisms.map((one) => (names.includes(one.name) ? { ...one, ...change(one) } : one)),
  };
}

/** A change to an answer of a mechanism. */
export type Change = (
  answer: Answer,
  request: ChannelRequest,
  channel: ChannelContext,
) => Answer | Promise<Answer>;

/** Change the answers of the named mechanisms. */
export function answering(names: readonly Name[], change: Change): Parts {
  return mechanism(names, ({ answer }) => ({
    answer: async (request, channel) => change(await answer(request, channel), request, channel),
  }));
}

/** Change how the named mechanisms read a request. */
export function reading(
  names: readonly Name[],
  change: (read: ReadRequest, request: ChannelRequest) => Partial<ReadRequest>,
): Parts {
  return mechanism(names, ({ answer }) => ({
    answer: (request, channel) =>
      answer(altered(request, { read: { ...request.read, ...change(request.read, request) } }), channel),
  }));
}

/** Change the channel context that the named mechanisms get. */
export function within(
  names: readonly Name[],
  change: (channel: ChannelContext, request: ChannelRequest) => Partial<ChannelContext>,
): Parts {
  return mechanism(names, ({ answer }) => ({
    answer: (request, channel) => answer(request, changedContext(channel, change(channel, request))),
  }));
}

/** The context with these changes. A changed `read` also replaces the read for followers, which may be cached. */
function changedContext(channel: ChannelContext, changes: Partial<ChannelContext>): ChannelContext {
  const { read } = changes;
  if (!read) return altered(channel, changes);
  return altered(channel, { ...changes, readToFollow: (from) => read(from, FEED_READ) });
}

/** Change the pages that the named mechanisms read from the log, but not the live pages that wake them. */
export function readPages(
  names: readonly Name[],
  change: (page: RawPage, request: ChannelRequest, channel: ChannelContext) => RawPage | Promise<RawPage>,
): Parts {
  return within(names, (channel, request) => ({
    read: async (from, options) => change(await channel.read(from, options), request, channel),
  }));
}

/** The state of a held request or a stream when news arrives. */
export interface Hearing {
  /** How many pieces of news came before this one. */
  readonly count: number;
  /** Milliseconds since it began to wait for news. */
  readonly ageMs: number;
  /** The first page of the read. */
  readonly replayed: RawPage | undefined;
  /** Never resolves: the wait then ends at its timeout, as if the news had been missed. */
  interrupted(): Promise<News>;
}

type Hear = (news: News, hearing: Hearing) => News | Promise<News>;

/** Change the news that wakes the held requests or streams of the named mechanisms. */
export function hearing(names: readonly Name[], change: Hear): Parts {
  return within(names, (channel) => {
    let replayed: RawPage | undefined;
    return {
      read: async (from, options) => {
        replayed = await channel.read(from, options);
        return replayed;
      },
      joinNow: () => undefined,
      join: async () => changedReader(await channel.join(), change, () => replayed),
    };
  });
}

/** The reader with its news passed through `change`. */
function changedReader(reader: FeedReader, change: Hear, replayed: () => RawPage | undefined): FeedReader {
  const begunMs = performance.now();
  const interrupted = (): Promise<News> => new Promise(() => undefined);
  let current: Follower | undefined;
  let count = 0;
  const tell = async (follower: Follower): Promise<void> => {
    while (current === follower) {
      const news = await nextOf(reader, follower.cursor);
      const ageMs = performance.now() - begunMs;
      const changed = await change(news, { count: count++, ageMs, replayed: replayed(), interrupted });
      if (current !== follower) return;
      if (changed.type === "page") follower.take(changed.page);
      else if (changed.type === "tick") follower.tick();
      else return follower.broken();
    }
  };
  return altered(reader, {
    follow(follower) {
      current = follower;
      tell(follower).catch(() => follower.broken());
      return true;
    },
    unfollow() {
      current = undefined;
    },
  });
}

/** A page as JSON, typed loosely so that a mutant can write anything into it. */
export type LoosePage = Record<string, unknown> & {
  messages: { cursor: string; event?: string; data: unknown }[];
  cursor: string;
  more: boolean;
};

/** Change the JSON of the pages of the named mechanisms; `undefined` leaves a page as it is. */
export function paging(
  change: (page: LoosePage, request: ChannelRequest, channel: ChannelContext) => object | undefined,
  names: readonly Name[] = ["poll", "long-poll"],
): Parts {
  return answering(names, (answer, request, channel) => {
    if (answer.status !== 200 || typeof answer.body !== "string") return answer;
    const changed = change(JSON.parse(answer.body), request, channel);
    return changed === undefined ? answer : { ...answer, body: JSON.stringify(changed) };
  });
}

/** Change the blocks of streams, each with its empty line; `undefined` drops a block. */
export function streaming(
  change: (block: string, index: number, request: ChannelRequest) => string | undefined,
): Parts {
  return streams((body, request) => changedBlocks(body, (block, index) => change(block, index, request)));
}

/** Change the bodies of streams. */
export function streams(
  change: (body: AsyncIterable<Uint8Array>, request: ChannelRequest) => AsyncIterable<Uint8Array>,
): Parts {
  return answering(["sse"], (answer, request) => {
    const { body } = answer;
    if (typeof body !== "object" || body instanceof Uint8Array) return answer;
    return { ...answer, body: streamOf(change(chunksOf(body, request.signal), request)) };
  });
}

async function* changedBlocks(
  chunks: AsyncIterable<Uint8Array>,
  change: (block: string, index: number) => string | undefined,
): AsyncGenerator<Uint8Array, void> {
  let index = 0;
  for await (const chunk of chunks) {
    const changed = blocksOf(chunk).map((block) => change(block, index++) ?? "");
    if (changed.some((block) => block !== "")) yield Buffer.from(changed.join(""));
  }
}

/** The blocks of a chunk, each with its empty line. */
export function blocksOf(chunk: Uint8Array): string[] {
  return Buffer.from(chunk)
    .toString()
    .split(/(?<=\n\n)/);
}

/** Whether a block of the reference server is a message. */
export function isMessageBlock(block: string): boolean {
  return !/^event: \$/m.test(block) && /^data:/m.test(block);
}
