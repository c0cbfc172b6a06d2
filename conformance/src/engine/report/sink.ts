import { writeFileSync } from "node:fs";
import type { WriteStream } from "node:tty";
import type { Sink } from "./reporter.ts";

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
