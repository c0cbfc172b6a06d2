import { writeFileSync } from "node:fs";
import type { WriteStream } from "node:tty";
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

/** A sink over a standard stream; `replace` appends. */
export function streamSink(stream: NodeJS.WriteStream | WriteStream): Sink {
  const write = (text: string): void => {
    stream.write(text);
  };
  return {
    write,
    replace: write,
    stream: true,
    terminal: stream.isTTY === true,
    columns: stream.columns ?? 100,
  };
}

/** A sink over a file; every call rewrites the whole file. */
export function fileSink(path: string): Sink {
  let text = "";
  const replace = (whole: string): void => {
    text = whole;
    writeFileSync(path, text);
  };
  return { write: (more) => replace(text + more), replace, terminal: false, columns: 120 };
}
