import { transfer } from "./broken.ts";
import type { Wait } from "./watchdog.ts";

/** How long the next bytes of a body may take, in milliseconds; each that comes is progress. */
const BODY_SILENCE_MS = 30_000;
const SILENT = `no more of the answer in ${BODY_SILENCE_MS} ms`;

/** Reads a body: each call resolves to the next chunk, undefined after the last; rejects with a ConnectionError on a cut. */
export function chunksOf({ body }: Response): () => Promise<Uint8Array | undefined> {
  const reader = body?.getReader();
  return async () => (await transfer(() => reader?.read(), "cut", "the answer broke off"))?.value;
}

/**
 * The whole body.
 *
 * @throws ConnectionError if it breaks off, or if nothing more comes for 30 s; RangeError if it is larger than
 * `maxBytes`, and leaves the rest to whoever ends the connection.
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
