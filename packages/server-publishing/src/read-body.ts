import { ProtocolError } from "@tidemark/protocol";

/** The whole body, refused as soon as it is known to be too large; what came till then is not kept. */
export async function readBody(
  body: AsyncIterable<Uint8Array>,
  contentLength: string | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  if (Number(contentLength ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

function tooLarge(limit: number): ProtocolError {
  return new ProtocolError("too-large", `A body has at most ${limit} bytes here`, { members: { limit } });
}
