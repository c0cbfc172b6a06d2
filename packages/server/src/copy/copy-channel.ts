import { isMovable, type Log, type MovableLog } from "@tidemark/log";
import { type Cursor, ProtocolError, type RawPage } from "@tidemark/protocol";

/** The result of copying a channel. */
export interface CopiedChannel {
  /** Messages that this run stored. */
  readonly messages: number;
  /** `kept`: the cursors that readers hold are valid in the target. `new`: they are a gap there. */
  readonly cursors: "kept" | "new";
}

/** Options of {@link copyChannel}. */
export interface CopyOptions {
  /** Called after each page, with the messages stored so far. */
  readonly onProgress?: (messages: number) => void;
  /** Stops the copy between two pages: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

const PAGE = { maxMessages: 1_000, maxBytes: 262_144 } as const;

/**
 * Copy a channel to another log, where it must not exist. Resumes a copy that was interrupted, or to which the source
 * has added messages since. Messages keep their cursors if the target can store them.
 *
 * @throws Error if the source has no such channel, or the target has a different channel of that name
 */
export async function copyChannel(
  source: Log,
  target: Log,
  channel: string,
  options: CopyOptions = {},
): Promise<CopiedChannel> {
  const first = await source.read(channel, "start", PAGE);
  if (isUnwritten(first)) throw new Error("the channel was never written to, or it was removed");
  if (isMovable(target))
    try {
      return { cursors: "kept", messages: await adoptAll(source, target, channel, first, options) };
    } catch (error) {
      // The target cannot store these cursors (those of NATS, for example). It has stored nothing.
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

/** The first page that the target does not have yet. */
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
  let after: Cursor = there.cursor; // makes the append fail if another writer comes between
  return eachPage(source, channel, first, options, async ({ messages, closed }) => {
    ({ cursor: after } = await target.append(channel, messages, { after, close: closed }));
  });
}

/** Store page after page. Resolves with the number of messages. */
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

/** Whether a page shows a channel that was never written to. */
function isUnwritten({ from, messages, closed }: RawPage): boolean {
  return messages.length === 0 && !closed && /\.0\.[^.]*$/.test(from);
}

function otherChannel(cause?: unknown): Error {
  return new Error("the target has a different channel of this name; remove it there first", { cause });
}
