import { ProtocolError } from "@tidemark/protocol";

/** The same trouble is told again after so long, in milliseconds: every channel of a log that is away has it. */
const SILENCE_MS = 10_000;

/** Tells of failures in the background: of those that may pass in a line, once for all channels; of others whole. */
export function createComplaint(
  write: (text: string) => void = console.error,
  now: () => number = () => performance.now(),
): (error: unknown) => void {
  let last = "";
  let saidMs = Number.NEGATIVE_INFINITY;
  return (error) => {
    if (!(error instanceof ProtocolError)) {
      write(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return;
    }
    if (error.message === last && now() - saidMs < SILENCE_MS) return;
    [last, saidMs] = [error.message, now()];
    write(`tidemark: ${error.message}`);
  };
}
