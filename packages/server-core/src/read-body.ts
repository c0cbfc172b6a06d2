import type { IncomingMessage } from "node:http";
import { ProtocolError } from "@tidemark/protocol";
import { InterferenceError } from "./interference.ts";
import { type BodyHolder, parsedBody } from "./parsed-body.ts";

/**
 * The whole body, refused as soon as it is known to be too large; what came till then is not kept, and what is left of
 * it is thrown away as it comes. If other code has read it before, it is what that code left in one of the `holders`.
 * @throws InterferenceError `body-read-before` if nobody has the whole body
 */
export function readBody(
  req: IncomingMessage,
  maxBytes: number,
  holders: readonly BodyHolder[] = [],
): Promise<Uint8Array> {
  if (Number(req.headers["content-length"] ?? 0) > maxBytes) return Promise.reject(tooLarge(maxBytes));
  if (!wasRead(req)) return readStream(req, maxBytes);
  const bytes = parsedBody(req, holders);
  if (bytes === undefined) return Promise.reject(readBefore());
  return bytes.length > maxBytes ? Promise.reject(tooLarge(maxBytes)) : Promise.resolve(bytes);
}

/** Keep what comes from other listeners until we read too: a hook may be asked first. */
export function claimBody(req: IncomingMessage): void {
  if (req.method === "POST" && req.readableFlowing) req.pause();
}

/** Whatever is left of a body, of a refused one for instance, is thrown away as it comes. */
export function releaseBody(req: IncomingMessage): void {
  if (req.method === "POST" && !req.readableEnded) req.resume();
}

/** Whether bytes of the body went to other code, or will never come. */
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
      // Other code may have removed our listener for a while.
      if (isLength(req, length))
        resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
      else reject(readBefore());
    });
    // Also after a failure; it tells nobody else, as long as nobody listens to it.
    req.on("close", () => {
      // Making an error costs a third of a publish: only where somebody may see it.
      if (req.readableEnded) return;
      reject(req.complete ? readBefore() : new ProtocolError("invalid-body", "The body broke off"));
    });
    req.resume(); // other code may have paused it
  });
}

function isLength(req: IncomingMessage, length: number): boolean {
  const { "content-length": announced } = req.headers;
  return announced === undefined || Number(announced) === length;
}

function tooLarge(limit: number): ProtocolError {
  return new ProtocolError("too-large", `A body has at most ${limit} bytes here`, {
    members: { limit, unit: "bytes" },
  });
}

function readBefore(): InterferenceError {
  return new InterferenceError(
    "body-read-before",
    "Other code, a body parser for instance, read the body of a publish before Tidemark could, and left neither the " +
      "text of it (rawBody, or a string or Buffer as body) nor its whole JSON value (body). Let Tidemark answer ahead " +
      "of the body parser, or set body on node's request",
  );
}
