import type { IncomingMessage } from "node:http";
import type { InterferenceError } from "../answer/interference.ts";
import { endedEarly, readBefore, tooLarge } from "../request/body-errors.ts";
import { type BodyHolder, parsedBody } from "./parsed-body.ts";

/**
 * Read the whole body. A body that is too large is rejected as soon as that is known, and all its bytes are discarded.
 * If other code has read the body before, take what that code stored on one of the `holders`.
 * @throws InterferenceError `body-read-before` if the whole body is nowhere to be found
 */
export function readBody(
  req: IncomingMessage,
  maxBytes: number,
  holders: readonly BodyHolder[] = [],
): Promise<Uint8Array> {
  if (Number(req.headers["content-length"] ?? 0) > maxBytes) return Promise.reject(tooLarge(maxBytes));
  if (!wasRead(req)) return readStream(req, maxBytes);
  const bytes = parsedBody(req, holders);
  if (bytes === undefined) return Promise.reject(otherCodeRead());
  return bytes.length > maxBytes ? Promise.reject(tooLarge(maxBytes)) : Promise.resolve(bytes);
}

/** Pause the body until we read it, so that other listeners cannot take its bytes while a hook decides. */
export function claimBody(req: IncomingMessage): void {
  if (req.method === "POST" && req.readableFlowing) req.pause();
}

/** Discard the rest of a body as it arrives, for example after a refusal. */
export function releaseBody(req: IncomingMessage): void {
  if (req.method === "POST" && !req.readableEnded) req.resume();
}

/** Whether other code has read bytes of the body, or no bytes will come. */
function wasRead(req: IncomingMessage): boolean {
  return req.readableDidRead || req.readableEnded || (req.destroyed && req.complete);
}

function readStream(req: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const take = (chunk: Buffer | string): void => {
      // Other code may have set an encoding.
      const bytes = typeof chunk === "string" ? Buffer.from(chunk, req.readableEncoding ?? "utf8") : chunk;
      length += bytes.length;
      if (length <= maxBytes) chunks.push(bytes);
      else {
        chunks.length = 0;
        reject(tooLarge(maxBytes));
      }
    };
    req.on("data", take).on("end", () => {
      // A wrong length means that other code removed our listener for a while.
      if (isLength(req, length))
        resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
      else reject(otherCodeRead());
    });
    // `close` also follows a failure. Without an `error` listener, no `error` is emitted for it.
    req.on("close", () => {
      // Creating an error costs a third of a publish: do it only if it can be seen.
      if (req.readableEnded) return;
      reject(req.complete ? otherCodeRead() : endedEarly());
    });
    req.resume(); // in case other code paused it
  });
}

function isLength(req: IncomingMessage, length: number): boolean {
  const { "content-length": announced } = req.headers;
  return announced === undefined || Number(announced) === length;
}

function otherCodeRead(): InterferenceError {
  return readBefore(
    "kept neither its text (rawBody, or a string or Buffer as body) nor its whole JSON value (body). Let Tidemark " +
      "answer before the body parser, or set body on Node's request",
  );
}
