import { isMovable, type Log, type MovableLog } from "@tidemark/log";
import { type Cursor, ProtocolError, type RawPage } from "@tidemark/protocol";

/** What became of a channel. */
export interface CopiedChannel {
  /** Messages that were stored by this run. */
  readonly messages: number;
  /** Whether the cursors that readers have are good in the target; else they are a gap there. */
  readonly cursors: "kept" | "new";
}

/** What {@link copyChannel} is told, and tells. */
export interface CopyOptions {
  /** Called after each page, with the messages stored so far. */
  readonly onProgress?: (messages: number) => void;
  /** Ends it between two pages, by a rejection with its reason. */
  readonly signal?: AbortSignal;
}

const PAGE = { maxMessages: 1_000, maxBytes: 262_144 } as const;

/**
 * Copy a channel to another log, where it must not exist; or go on with a copy that was broken off, or that the source
 * has outgrown since. Where the target can take them, messages keep their cursors.
 *
 * @throws Error if the source has no such channel, or the target has another of that name
 */
export async function copyChannel(
  source: Log,
  target: Log,
  channel: string,
  options: CopyOptions = {},
): Promise<CopiedChannel> {
  const first = await source.read(channel, "start", PAGE);
  if (isUnwritten(first)) throw new Error("nothing was ever written to it, or it was removed");
  if (isMovable(target))
    try {
      return { cursors: "kept", messages: await adoptAll(source, target, channel, first, options) };
    } catch (error) {
      // Cursors that it has no room for, as those of NATS: it has stored nothing.
      if (!(error instanceof RangeError)) throw error;
    }
  return { cursors: "new", messages: await appendAll(source, target, channel, first, options) };
}

async function adoptAll(
  source: Log,
  target: MovableLog,
  channel: string,
  first: RawPage,
  options: CopyOptions,
): Promise<number> {
  const there = await target.read(channel, "end", PAGE);
  const begin = isUnwritten(there) ? first : await pageAfter(source, channel, there);
  return eachPage(source, channel, begin, options, (page) => target.adopt(channel, page));
}

/** What the target lacks of a channel that it has the beginning of. */
async function pageAfter(source: Log, channel: string, { cursor }: RawPage): Promise<RawPage> {
  try {
    return await source.read(channel, cursor, PAGE);
  } catch (error) {
    if (!(error instanceof ProtocolError && error.code === "gap")) throw error;
    throw otherChannel(error);
  }
}

async function appendAll(
  source: Log,
  target: Log,
  channel: string,
  first: RawPage,
  options: CopyOptions,
): Promise<number> {
  const there = await target.read(channel, "start", PAGE);
  if (!isUnwritten(there)) throw otherChannel();
  let after: Cursor = there.cursor; // nobody else may write there meanwhile
  return eachPage(source, channel, first, options, async ({ messages, closed }) => {
    ({ cursor: after } = await target.append(channel, messages, { after, close: closed }));
  });
}

/** Store page after page. Answers how many messages they had. */
async function eachPage(
  source: Log,
  channel: string,
  begin: RawPage,
  { signal, onProgress }: CopyOptions,
  store: (page: RawPage) => Promise<unknown>,
): Promise<number> {
  let page = begin;
  let count = 0;
  for (;;) {
    signal?.throwIfAborted();
    await store(page);
    count += page.messages.length;
    onProgress?.(count);
    if (!page.more) return count;
    page = await source.read(channel, page.cursor, PAGE);
  }
}

/** A channel that is as it was before anything was written. */
function isUnwritten({ from, messages, closed }: RawPage): boolean {
  return messages.length === 0 && !closed && /\.0\.[^.]*$/.test(from);
}

function otherChannel(cause?: unknown): Error {
  return new Error("the target has another channel of this name; remove it there first", { cause });
}
