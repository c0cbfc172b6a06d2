import { ProtocolError } from "@tidemark/protocol";
import { Throttle, type ThrottleOptions } from "./throttle.ts";

/**
 * Print errors for the operator: a few of each kind per interval, and then their count, since clients can cause many.
 * A problem of the protocol is printed as one line, once per interval for all channels; any other error with its stack.
 */
export function throttledReport(
  write: (text: string) => void = console.error,
  options: ThrottleOptions = {},
): (error: unknown) => void {
  const throttle = new Throttle((kind, count, seconds) => {
    write(`tidemark: ${count} more of the kind "${kind}" within ${seconds} s`);
  }, options);
  return (error) => {
    const isProblem = error instanceof ProtocolError;
    if (!throttle.passes(kindOf(error), isProblem ? 1 : undefined)) return;
    if (isProblem) write(`tidemark: ${error.message}`);
    else write(error instanceof Error ? (error.stack ?? error.message) : String(error));
  };
}

/** The kind of an error, by where it was thrown. The message may contain text of the request, so it is not used. */
function kindOf(error: unknown): string {
  if (error instanceof ProtocolError) return error.code;
  if (!(error instanceof Error)) return typeof error;
  const code = "code" in error && typeof error.code === "string" ? ` ${error.code}` : "";
  const place = /\n\s+(at [^\n]*)/.exec(error.stack ?? "")?.[1];
  return `${error.name}${code}${place === undefined ? "" : ` ${place}`}`;
}
