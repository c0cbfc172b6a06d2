import type { Retry } from "@tidemark/client-core/kit";

/** Tell the person at the terminal something; the standard output holds messages only. */
export type Say = (text: string) => void;

/** Print a line about the command itself on the standard error. */
export function say(text: string): void {
  console.error(`tidemark-client: ${printable(text)}`);
}

/** The text without control characters: a server must not control the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, escapeUnit);
}

/** As in JSON: `\n`, `\u001b`. */
function escapeUnit(character: string): string {
  const escaped = JSON.stringify(character).slice(1, -1);
  return escaped === character ? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}` : escaped;
}

/** The message of an error, with that of its root cause, such as a refused connection. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  let root = error;
  while (root.cause instanceof Error) root = root.cause;
  const { code } = root as NodeJS.ErrnoException;
  return root === error ? error.message : `${error.message} (${root.message || code || root.name})`;
}

/** Say that a failure is retried. */
export function describeRetry({ error, waitMs }: Retry): string {
  return `${describe(error)}; retrying in ${Math.ceil(waitMs / 1_000)} s`;
}
