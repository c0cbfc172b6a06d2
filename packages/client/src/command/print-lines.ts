import { once } from "node:events";
import { printable } from "./say.ts";

/** What `follow` prints: a message of a channel has a cursor, an event of another stream an id. */
export interface Printed {
  readonly cursor?: string;
  readonly id?: string;
  readonly event: string | undefined;
  readonly data: unknown;
}

const DIM = ["\u001b[2m", "\u001b[22m"] as const;
const CYAN = ["\u001b[36m", "\u001b[39m"] as const;

/**
 * Print a message on the standard output: as one line of JSON, or as text on a terminal. Resolves when the
 * output takes more, so that a slow reader slows down the network instead of filling the memory.
 */
export async function printMessage(
  message: Printed,
  { json }: { readonly json: boolean },
  signal: AbortSignal,
): Promise<void> {
  const isText = process.stdout.isTTY === true && !json;
  await printLine(isText ? toText(message) : toJson(message), signal);
}

/** Print a line of JSON on the standard output. */
export async function printJson(value: object, signal: AbortSignal): Promise<void> {
  await printLine(toJson(value), signal);
}

async function printLine(line: string, signal: AbortSignal): Promise<void> {
  if (process.stdout.write(`${line}\n`)) return;
  await once(process.stdout, "drain", { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

/** In JSON, an escaped control character is the same text, and safe on a terminal. */
function toJson(value: object): string {
  return printable(JSON.stringify(value));
}

function toText({ cursor, id = "", event = "message", data }: Printed): string {
  const text = typeof data === "string" ? data : JSON.stringify(data);
  const place = printable(cursor ?? id);
  const head = place === "" ? "" : `${paint(DIM, place)} `;
  return `${head}${paint(CYAN, printable(event))} ${printable(text)}`;
}

/** With the colour, unless the environment rejects colours (no-color.org). */
function paint([on, off]: readonly [string, string], text: string): string {
  return process.env.NO_COLOR || process.env.TERM === "dumb" ? text : `${on}${text}${off}`;
}
