import type { Connection } from "../network/connection.ts";
import type { Batch } from "./batch.ts";

/** One way to read a channel. */
export interface Mechanism {
  readonly name: string;
  /**
   * Make one request at the connection's position, and yield the batches it receives. Returns how long to
   * wait before the next request, in milliseconds; undefined leaves that to the client. Throws a {@link
   * ConnectionError}, or any error of {@link Connection.request}.
   */
  open(connection: Connection): AsyncGenerator<Batch, number | undefined, void>;
}
