import { createInterface } from "node:readline";
import { publish } from "@tidemark/client-publishing";
import { printLine } from "./print-lines.ts";
import { type Arguments, UsageError } from "./read-arguments.ts";

/** Publish the messages of the arguments together, or each line of the standard input in turn. */
export async function publishLines(args: Arguments, signal: AbortSignal): Promise<void> {
  const { url, messages, headers, event, close } = args;
  const options = { headers, signal };
  const toDraft = (text: string, place: string) => ({
    data: parseJson(text, place),
    ...(event && { event }),
  });
  const print = async ({ cursors }: { readonly cursors: readonly string[] }): Promise<void> => {
    for (const cursor of cursors) await printLine(JSON.stringify({ cursor }));
  };
  if (messages.length > 0 || close) {
    const drafts = messages.map((text, index) => toDraft(text, `message ${index + 1}`));
    await print(await publish(url, drafts, { ...options, ...(close && { close }) }));
    return;
  }
  let number = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    signal.throwIfAborted();
    if (line.trim() !== "") await print(await publish(url, toDraft(line, `line ${number}`), options));
  }
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${place} is not JSON; a text needs quotation marks: '"hello"'`, { cause });
  }
}
