import { transfer } from "./broken.ts";
import type { Wait } from "./watchdog.ts";

/** How long a body may stall, in milliseconds; any byte counts as progress. */
const BODY_SILENCE_MS = 30_000;
const SILENT = `the answer stalled for ${BODY_SILENCE_MS} ms`;

/** Read a body: each call resolves to the next chunk, then to undefined. A cut throws a ConnectionError. */
export function chunksOf({ body }: Response): () => Promise<Uint8Array | undefined> {
  const reader = body?.getReader();
  return async () => (await transfer(() => reader?.read(), "cut", "the answer broke off"))?.value;
}

/**
 * Read the whole body.
 *
 * @throws ConnectionError if the body is cut off or stalls for 30 s; RangeError if it is larger than
 * `maxBytes`: the caller then has to close the connection.
 */
export async function readText(response: Response, wait: Wait, maxBytes: number): Promise<string> {
  const next = chunksOf(response);
  const decoder = new TextDecoder();
  let text = "";
  for (let bytes = 0; ; ) {
    const chunk = await wait(next(), BODY_SILENCE_MS, SILENT);
    text += decoder.decode(chunk, { stream: chunk !== undefined });
    if (chunk === undefined) return text;
    bytes += chunk.length;
    if (bytes > maxBytes) throw new RangeError(`an answer larger than ${maxBytes} bytes`);
  }
}
