import type { Log, ReadOptions } from "@tidemark/log";
import type { Position, RawMessage, RawPage } from "@tidemark/protocol";
import type { Parts } from "./parts.ts";

/** Replace some methods of the log; `change` receives the original log. */
export function logging(change: (log: Log, restarted: boolean) => Partial<Log>): Parts {
  return {
    log: (log, restarted) => ({
      append: (channel, drafts, options) => log.append(channel, drafts, options),
      read: (channel, from, options) => log.read(channel, from, options),
      watch: (channel, wake) => log.watch(channel, wake),
      remove: (channel) => log.remove(channel),
      dispose: () => log.dispose(),
      ...change(log, restarted),
    }),
  };
}

/** Change the pages that are read from the log. */
export function loggedPages(
  change: (
    page: RawPage,
    from: Position,
    options: ReadOptions,
    channel: string,
  ) => RawPage | Promise<RawPage>,
): Parts {
  return logging((log) => ({
    read: async (channel, from, options) =>
      change(await log.read(channel, from, options), from, options, channel),
  }));
}

/** Change each message that is read from the log. */
export function loggedMessages(change: (message: RawMessage) => RawMessage): Parts {
  return loggedPages((page) => ({ ...page, messages: page.messages.map(change) }));
}

/** The place in its channel that a cursor of the reference log encodes; `undefined` for `start` and `end`. */
export function placeOf(cursor: string): number | undefined {
  const digits = cursor.split(".")[1];
  return digits === undefined ? undefined : Number(digits);
}
