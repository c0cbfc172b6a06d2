import { advise } from "@tidemark/client-core/kit";
import { readEventStream } from "./event-stream/read-event-stream.ts";
import type { StreamEvent } from "./event-stream/stream-options.ts";
import { EVENT_STREAM } from "./event-stream/stream-request.ts";
import type { StreamSourceOptions } from "./source-options.ts";

/** What a source does for each happening of its stream. */
interface SourceHooks {
  /** The application listens for errors. */
  isHeard(): boolean;
  open(origin: string): void;
  failed(error: Error): void;
  event(event: StreamEvent): void;
}

/** Read the stream of any server for a source, until it ends. Rejects with the error that ends it. */
export async function readSource(
  url: string,
  withCredentials: boolean,
  options: StreamSourceOptions,
  signal: AbortSignal,
  hooks: SourceHooks,
): Promise<void> {
  let isTold = options.onRetry !== undefined;
  const stream = readEventStream(url, {
    ...(withCredentials && { credentials: "include" }),
    ...options,
    signal,
    async onAnswer(response) {
      await options.onAnswer?.(response);
      if (response.status !== 200 || !EVENT_STREAM.test(response.headers.get("content-type") ?? "")) return;
      isTold = true;
      if (!signal.aborted) hooks.open(new URL(response.url || url).origin);
    },
    onRetry(retry) {
      if (!isTold && !hooks.isHeard()) advise(new URL(url), retry.error);
      isTold = true;
      hooks.failed(retry.error);
      options.onRetry?.(retry);
    },
  });
  for await (const event of stream) {
    if (signal.aborted) return;
    hooks.event(event);
  }
}
