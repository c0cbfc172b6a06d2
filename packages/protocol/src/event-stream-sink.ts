/** Takes what a stream holds, in its order. */
export interface EventStreamSink {
  /**
   * An event. `event` is `message` where the stream names none, the lines of `data` are joined by LF, and `id` is the
   * last event id in force, which an earlier event may have set; empty if none did.
   */
  event(event: string, data: string, id: string): void;
  /** A block with an id and no data: nothing is dispatched, and the resume point moves. */
  bookmark?(id: string): void;
  retry?(retryMs: number): void;
  comment?(text: string): void;
}
