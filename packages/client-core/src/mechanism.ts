import type { Cursor, Gap, Message } from "@tidemark/protocol";
import type { Connection } from "./connection.ts";

/** Some of what a server told, in order; a page is one. */
export interface Batch {
  readonly messages: readonly Message[];
  /** Where to read on after these messages; absent if the position did not move. */
  readonly cursor?: Cursor;
  /** What the server could not deliver before these messages. */
  readonly gap?: Gap;
  /** The server has more after these messages. */
  readonly more?: boolean;
  /** The connection has shown that it works: a stream brought a second event. Messages show it too. */
  readonly holds?: true;
  /** The server has no room for a stream now; `retry` says when to come again. */
  readonly refused?: true;
  /** The channel is closed and this was its end. */
  readonly closed?: true;
  /** The least time before the client comes again, in milliseconds. */
  readonly retry?: number;
}

/** One way to read a channel. */
export interface Mechanism {
  readonly name: string;
  /**
   * Make one request at the connection's position and yield what it brings.
   * Returns after how many milliseconds to read on, undefined for the client's own choice; throws
   * {@link ConnectionError} or what {@link Connection.request} throws.
   */
  open(connection: Connection): AsyncGenerator<Batch, number | undefined, void>;
}
