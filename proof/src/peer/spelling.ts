import type { Log } from "@tidemark/log";
import { type Position, ProtocolError, type RawPage } from "@tidemark/protocol";
import { logging } from "./change-log.ts";
import type { Parts } from "./parts.ts";

/** How a server encodes the cursors of its log, and decodes them. */
export interface Spelling {
  readonly write: (cursor: string) => string;
  /** The log's own cursor, or the text itself if it does not encode one. */
  readonly read: (text: string, channel: string, log: Log) => string | Promise<string>;
}

/** A log with another encoding of its cursors. */
export function spelling({ write, read }: Spelling): Parts {
  return logging((log) => {
    const own = async (position: Position, channel: string): Promise<Position> =>
      position === "start" || position === "end" ? position : read(position, channel, log);
    return {
      async append(channel, drafts, options = {}) {
        const after = options.after === undefined ? {} : { after: await own(options.after, channel) };
        const done = await respelled(log.append(channel, drafts, { ...options, ...after }), write);
        return { ...done, cursors: done.cursors.map(write), cursor: write(done.cursor) };
      },
      async read(channel, from, options) {
        return pageWith(
          await respelled(log.read(channel, await own(from, channel), options), write, from),
          write,
        );
      },
    };
  });
}

/** The page with all its cursors passed through `write`. */
export function pageWith(page: RawPage, write: (cursor: string) => string): RawPage {
  return {
    ...page,
    from: write(page.from),
    cursor: write(page.cursor),
    messages: page.messages.map((message) => ({ ...message, cursor: write(message.cursor) })),
  };
}

/** Encode the cursors in an error too, except the requested one, which stays as the request had it. */
async function respelled<T>(
  result: Promise<T>,
  write: (cursor: string) => string,
  requested?: string,
): Promise<T> {
  try {
    return await result;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const members = Object.entries(error.members).map(([name, value]) => {
      if (name === "requested" && requested !== undefined) return [name, requested];
      return [name, name === "start" || name === "end" ? write(String(value)) : value];
    });
    throw new ProtocolError(error.code, error.detail, { members: Object.fromEntries(members) });
  }
}
