import type { Frame } from "./frame.ts";

/** The writer of a sink, which the sink notifies. */
export interface StreamWriter {
  /** The connection has taken all waiting bytes: more can be written. */
  drained(): void;
  /**
   * The exchange is over: by the client (the default), by {@link StreamSink.end}, by a client that took no bytes, or by
   * other code. Called once, and last.
   */
  gone(why?: "client" | "slow" | "broken"): void;
}

/** The open answer of one stream. Each write is a whole number of blocks, so the answer can end after any write. */
export interface StreamSink {
  /** Set the writer. If the exchange is over already, its `gone` is called at once. */
  open(writer: StreamWriter): void;
  /** Write the first blocks, together with the head of the answer. Returns the same as {@link write}. */
  begin(blocks: string | Uint8Array): boolean;
  /**
   * Write a frame to the connection. False if bytes are waiting: then write nothing until `drained`. So at most one
   * frame is queued for a reader, besides what the connection itself buffers.
   */
  write(frame: Frame): boolean;
  /** End the answer after what was written. */
  end(): void;
  /** After what was written, cut the answer: the client sees that it is not whole. */
  cut(): void;
  /** Report a failure to the application, but not to the client. The answer stays open. */
  report(error: unknown): void;
}
