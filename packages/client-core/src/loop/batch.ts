import type { Cursor, Gap, Message } from "@tidemark/protocol";

/** Consecutive messages from a server, and where to continue. A page is a batch. */
export interface Batch {
  readonly messages: readonly Message[];
  /** Where to continue after these messages; absent if the position did not move. */
  readonly cursor?: Cursor;
  /** The gap before these messages, if the server could not deliver everything. */
  readonly gap?: Gap;
  /** The server has more after these messages. */
  readonly more?: boolean;
  /** The connection has shown that it works: a stream received a second event. Messages show it too. */
  readonly holds?: true;
  /** The server has no room for a stream now; `retry` says when to reconnect. */
  readonly refused?: true;
  /** The channel is closed, and this batch reaches its end. */
  readonly closed?: true;
  /** The least time before the next request, in milliseconds. */
  readonly retry?: number;
}
