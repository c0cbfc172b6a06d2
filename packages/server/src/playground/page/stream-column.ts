import { readEventStream } from "@tidemark/client-sse/event-stream";
import type { Sink } from "./column-event.ts";
import { type CountingFetch, createCountingFetch } from "./counting-fetch.ts";

/** Read a plain event stream, and report everything to `sink`. Such a stream has no cursors, so nothing is compared. */
export function startStreamColumn(url: string, sink: Sink): CountingFetch {
  const began = performance.now();
  const now = (): number => performance.now() - began;
  const counting = createCountingFetch(sink, { now, isSizedLater: () => false });
  const read = async (): Promise<void> => {
    const onAnswer = (): void => sink({ t: now(), type: "state", state: "live" });
    const onRetry = (): void => sink({ t: now(), type: "state", state: "reconnecting" });
    for await (const _event of readEventStream(url, { fetch: counting.fetch, onAnswer, onRetry }))
      sink({ t: now(), type: "message", delayMs: undefined, lost: 0, repeated: 0 });
    sink({ t: now(), type: "state", state: "ended" });
  };
  read().catch((error: unknown) =>
    sink({ t: now(), type: "state", state: `stopped: ${error instanceof Error ? error.message : error}` }),
  );
  return counting;
}
