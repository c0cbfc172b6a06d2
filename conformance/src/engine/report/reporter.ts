import type { RunEvent } from "../model/event.ts";

/** Turns the events of a run into an output. */
export interface Reporter {
  /** Handle one event; the last is `run-finished`. */
  on(event: RunEvent): void;
}

/** Where a reporter writes: a stream or a file. */
export interface Sink {
  write(text: string): void;
  /** Replace everything written so far. A stream cannot: there, it is the same as `write`. */
  replace(text: string): void;
  /** The sink cannot take text back, so a reporter must write only final text. */
  readonly stream?: boolean;
  readonly terminal: boolean;
  readonly columns: number;
}
