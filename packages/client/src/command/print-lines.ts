import { once } from "node:events";
import { styleText } from "node:util";

/** What `follow` prints for a message or an event. */
export interface Printed {
  readonly cursor: string;
  readonly event: string | undefined;
  readonly data: unknown;
}

/** Print a message on the standard output: as JSON, or with colours on a terminal. Waits for a slow reader. */
export async function printMessage({ cursor, event, data }: Printed, json: boolean): Promise<void> {
  if (json || !process.stdout.isTTY) return printLine(JSON.stringify({ cursor, event, data }));
  const text = typeof data === "string" ? data : JSON.stringify(data);
  await printLine(
    `${paint("dim", clean(cursor))} ${paint("cyan", clean(event ?? "message"))} ${clean(text)}`,
  );
}

/** Print a line on the standard output. */
export async function printLine(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, "drain");
}

function paint(style: "dim" | "cyan", text: string): string {
  return process.env.NO_COLOR ? text : styleText(style, text);
}

/** Without control characters: a server must not control the terminal. */
function clean(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) =>
    JSON.stringify(character)
      .slice(1, -1)
      .replace(/\p{Cc}/gu, "\ufffd"),
  );
}
