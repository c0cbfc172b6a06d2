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
  /**
   * An event above the bound has ended; nothing of it was kept but its `id`. `length` is that of its lines, in UTF-16
   * units. Without this method the decoder throws as soon as the bound is passed.
   */
  tooLarge?(length: number, id: string): void;
}
