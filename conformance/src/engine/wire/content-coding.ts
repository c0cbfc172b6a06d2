import { brotliDecompressSync, constants, gunzipSync, inflateSync } from "node:zlib";

/** Undo a content coding. For unknown codings and broken data, return the bytes unchanged. */
export function decodeContent(
  bytes: Uint8Array,
  coding: string | undefined,
  whole: boolean,
): Uint8Array<ArrayBufferLike> {
  if (bytes.length === 0 || coding === undefined) return bytes;
  const decode = DECODERS[coding.trim().toLowerCase()];
  if (!decode) return bytes;
  try {
    return decode(bytes, whole);
  } catch (error) {
    if (error instanceof Error && "code" in error) return bytes; // zlib's own errors: the data is not in this coding
    throw error;
  }
}

/** Decode a stream as far as it has come; any other answer has to be complete. */
const DECODERS: Readonly<Record<string, (bytes: Uint8Array, whole: boolean) => Uint8Array>> = {
  gzip: (bytes, whole) => gunzipSync(bytes, whole ? {} : { finishFlush: constants.Z_SYNC_FLUSH }),
  "x-gzip": (bytes, whole) => gunzipSync(bytes, whole ? {} : { finishFlush: constants.Z_SYNC_FLUSH }),
  deflate: (bytes, whole) => inflateSync(bytes, whole ? {} : { finishFlush: constants.Z_SYNC_FLUSH }),
  br: (bytes, whole) =>
    brotliDecompressSync(bytes, whole ? {} : { finishFlush: constants.BROTLI_OPERATION_FLUSH }),
};
