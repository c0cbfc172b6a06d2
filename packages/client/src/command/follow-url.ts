import { fileStore } from "@tidemark/client-core/file-store";
import { readEventStream } from "@tidemark/client-sse/event-stream";
import { subscribe } from "../subscribe.ts";
import { printMessage } from "./print-lines.ts";
import { type Arguments, UsageError } from "./read-arguments.ts";

/** Follow a channel or a stream until it ends. Resolves to where to resume; undefined if nothing came. */
export async function followUrl(
  args: Arguments,
  signal: AbortSignal,
  say: (text: string) => void,
): Promise<string | undefined> {
  const { url, headers, from, mechanism, store, json } = args;
  const onRetry = ({ error, waitMs }: { readonly error: Error; readonly waitMs: number }): void =>
    say(`${error.message}; retrying in ${Math.ceil(waitMs / 1000)} s`);
  const common = { headers, signal, onRetry };
  let last = from;
  if (mechanism === "event-stream") {
    if (store !== undefined) throw new UsageError("--store needs a Tidemark channel");
    const resume = from === undefined || from === "start" ? {} : { lastEventId: from };
    for await (const { event, data, id } of readEventStream(url, { ...common, ...resume })) {
      await printMessage({ cursor: id, event, data }, json);
      if (id !== "") last = id;
    }
    return last;
  }
  const options = {
    ...common,
    mechanism,
    ...(from && { after: from }),
    ...(store && { store: fileStore(store) }),
  };
  for await (const { cursor, event, data } of subscribe(url, options)) {
    await printMessage({ cursor, event, data }, json);
    last = cursor;
  }
  return last;
}
