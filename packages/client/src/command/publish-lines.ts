import { publish } from "@tidemark/client-publishing";
import { printJson } from "./print-lines.ts";
import { type PublishArguments, UsageError } from "./read-arguments.ts";
import { readLines } from "./read-lines.ts";
import { describeRetry, type Say } from "./say.ts";

/** The most lines in one request; fewer if they have not all arrived. */
const MAX_LINES = 100;

/** Publish the messages of the arguments together, or the lines of the standard input one after the other. */
export async function publishLines(args: PublishArguments, signal: AbortSignal, say: Say): Promise<void> {
  const { messages, close } = args;
  if (messages.length > 0 || close) {
    const values = messages.map((text, index) => {
      const value = parseJson(text);
      if (value instanceof SyntaxError)
        throw new UsageError(notJson(`message ${index + 1}`), { cause: value });
      return value;
    });
    return append(args, values, signal, say);
  }
  if (process.stdin.isTTY) say("reading JSON from the terminal, a message on each line; Ctrl-D ends it");
  let number = 0;
  for await (const lines of readLines(process.stdin, MAX_LINES, signal)) {
    const texts = lines.map((text, index) => ({ text, number: number + index + 1 }));
    number += lines.length;
    const parsed = texts
      .filter(({ text }) => text.trim() !== "")
      .map(({ text, number }) => ({ value: parseJson(text), number }));
    const invalid = parsed.find(({ value }) => value instanceof SyntaxError);
    const valid = invalid === undefined ? parsed : parsed.slice(0, parsed.indexOf(invalid));
    const values = valid.map(({ value }) => value);
    if (values.length > 0) await append(args, values, signal, say);
    if (invalid !== undefined)
      throw new Error(`${notJson(`line ${invalid.number}`)}. The lines before it are published`);
  }
}

async function append(
  { url, headers, giveUpAfterMs, event, close }: PublishArguments,
  values: readonly unknown[],
  signal: AbortSignal,
  say: Say,
): Promise<void> {
  const drafts = values.map((data) => ({ data, ...(event !== undefined && { event }) }));
  const { cursors } = await publish(url, drafts, {
    ...{ headers, signal, close },
    ...(giveUpAfterMs !== undefined && { giveUpAfterMs }),
    onRetry: (retry) => say(describeRetry(retry)),
  });
  for (const cursor of cursors) await printJson({ cursor }, signal);
}

/** The value of a JSON text, or the error. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}

function notJson(place: string): string {
  return `${place} is not JSON; a text needs quotation marks: '"hello"'`;
}
