import type { IncomingMessage } from "node:http";
import { ProtocolError } from "@tidemark/protocol";

/**
 * The whole body, refused as soon as it is known to be too large; what came till then is not kept, and what is left of
 * it is thrown away as it comes.
 */
export function readBody(req: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const refuse = (): void => reject(tooLarge(maxBytes));
    if (Number(req.headers["content-length"] ?? 0) > maxBytes) return refuse();
    const chunks: Buffer[] = [];
    let length = 0;
    req.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBytes) chunks.push(chunk);
      else {
        chunks.length = 0;
        refuse();
      }
    });
    req.on("end", () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    // Also after a failure; it tells nobody else, as long as nobody listens to it.
    req.on("close", () => {
      if (!req.complete) reject(new ProtocolError("invalid-body", "The body broke off"));
    });
  });
}

function tooLarge(limit: number): ProtocolError {
  return new ProtocolError("too-large", `A body has at most ${limit} bytes here`, { members: { limit } });
}
