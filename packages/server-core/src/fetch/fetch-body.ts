import { Buffer } from "node:buffer";
import { endedEarly, readBefore, tooLarge } from "../request/body-errors.ts";

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/**
 * Read the whole body. A body that is too large is rejected as soon as that is known, and the rest is discarded.
 * @throws InterferenceError `body-read-before` if other code has used the body
 */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge(maxBytes);
  if (isTaken(request))
    throw readBefore("a body can be read only once: pass a clone of the request to that code");
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let chunk = await next(reader); chunk !== undefined; chunk = await next(reader)) {
    length += chunk.length;
    if (length > maxBytes) {
      discard(reader);
      throw tooLarge(maxBytes);
    }
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

/**
 * Discard the rest of a body as it arrives, for example after a refusal. Cancelling it instead would make some platforms
 * cut the connection before the client has read the answer.
 */
export function releaseBody(request: Request): void {
  if (request.body !== null && !isTaken(request)) discard(request.body.getReader());
}

function isTaken({ bodyUsed, body }: Request): boolean {
  return bodyUsed || (body?.locked ?? false);
}

async function next(reader: Reader): Promise<Uint8Array | undefined> {
  try {
    return (await reader.read()).value;
  } catch (error) {
    throw endedEarly(error);
  }
}

function discard(reader: Reader): void {
  const goOn = ({ done }: { readonly done: boolean }): void => {
    if (!done) reader.read().then(goOn, gone);
  };
  const gone = (): void => undefined; // the client has disconnected: there is nothing more to discard
  reader.read().then(goOn, gone);
}
