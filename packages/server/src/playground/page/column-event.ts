/** What happens in a column, as the page sees it. `t` is the time in milliseconds since the column began. */
export type ColumnEvent =
  | { readonly t: number; readonly type: "request"; readonly line: string; readonly up: number }
  | { readonly t: number; readonly type: "answer"; readonly line: string }
  /** A part of a body. `down` is missing while the page cannot know whether it came from the browser's cache. */
  | { readonly t: number; readonly type: "body"; readonly line: string; readonly down?: number }
  /** The true size of a body whose size was unknown: 0 if it came from the cache. */
  | { readonly t: number; readonly type: "size"; readonly down: number }
  | { readonly t: number; readonly type: "end"; readonly line: string; readonly failed: boolean }
  | {
      readonly t: number;
      readonly type: "message";
      readonly delayMs: number | undefined;
      readonly lost: number;
      readonly repeated: number;
    }
  | { readonly t: number; readonly type: "state"; readonly state: string }
  | { readonly t: number; readonly type: "wire"; readonly up: number; readonly down: number };

/** Takes the events of a column. */
export type Sink = (event: ColumnEvent) => void;
