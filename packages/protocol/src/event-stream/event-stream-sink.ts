/** Receives the content of a stream, in order. */
export interface EventStreamSink {
  /**
   * An event. `event` is `message` if the stream names none; the lines of `data` are joined by LF; `id` is
   * the current last event id, which an earlier event may have set, or empty if none was set.
   */
  event(event: string, data: string, id: string): void;
  /** A block with an id but no data: it dispatches no event, but moves the resume point. */
  bookmark?(id: string): void;
  retry?(retryMs: number): void;
  comment?(text: string): void;
  /**
   * An event above the bound has ended; only its `id` was kept. `length` is the length of its lines, in
   * UTF-16 units. Without this method, the decoder throws as soon as an event exceeds the bound.
   */
  tooLarge?(length: number, id: string): void;
}
