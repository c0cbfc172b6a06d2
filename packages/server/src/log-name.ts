import { InvalidArgumentError } from "commander";
import { isLogName } from "./open-log.ts";

/** Parse the name of a log on the command line. */
export function logName(text: string): string {
  if (isLogName(text)) return text;
  throw new InvalidArgumentError(
    "Expected lmdb:directory (or lmdb:directory?durability=disk), redis://host:port (also redis+sentinel: and redis+cluster:), nats://host:port, or memory.",
  );
}
