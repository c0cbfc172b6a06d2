import type { RunEvent } from "../run/event.ts";

/** Turns the events of a run into an output. */
export interface Reporter {
  /** Take note of one event; the last is `run-finished`. */
  on(event: RunEvent): void;
}

/** Where a reporter writes: a stream or a file. `begin` starts the text over, `write` adds to it. */
export interface Sink {
  write(text: string): void;
  /** Replace everything that was written, if the sink can; a stream just goes on. */
  replace(text: string): void;
  /** What was written cannot be taken back: nothing is written before it is final. */
  readonly stream?: boolean;
  readonly terminal: boolean;
  readonly columns: number;
}
