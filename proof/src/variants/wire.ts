import type { ServerResponse } from "node:http";
import { constants, createGzip, type Gzip } from "node:zlib";
import { beforeHead } from "../peer/change-http.ts";
import type { Variant } from "./variant.ts";

/** How many bytes of an answer are sent one by one; the rest would take minutes. */
const SINGLE_BYTES = 3_000;

/** Servers with unusual HTTP. */
export const wireVariants: readonly Variant[] = [
  {
    id: "chunks-of-one-byte",
    title: "sends its answers in chunks of one byte",
    outer: [
      async (ctx, next) => {
        inSingleBytes(ctx.res);
        await next();
      },
    ],
  },
  {
    id: "odd-case-and-order-of-fields",
    title: "writes header fields in capitals and in reverse order",
    ...beforeHead((_ctx, res) => {
      const fields = Object.entries(res.getHeaders()).reverse();
      for (const [name, value = ""] of fields) {
        res.removeHeader(name);
        res.setHeader(name.toUpperCase(), value);
      }
    }),
  },
  {
    id: "http-1.0",
    title: "answers with HTTP/1.0, and ends a body by closing the connection",
    ...beforeHead((_ctx, res) => {
      res.shouldKeepAlive = false;
      res.removeHeader("Content-Length");
      res.setHeader("Connection", "close");
      res.useChunkedEncodingByDefault = false;
    }),
    socket: (socket) => {
      const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
      socket.write = (chunk: unknown, ...rest: unknown[]) => {
        const isHead = typeof chunk === "string" && chunk.startsWith("HTTP/1.1 ");
        return write(isHead ? chunk.replace("HTTP/1.1", "HTTP/1.0") : chunk, ...rest);
      };
    },
  },
  {
    id: "gzip",
    title: "compresses every body",
    outer: [
      async (ctx, next) => {
        if (ctx.acceptsEncodings("gzip")) compress(ctx.res);
        await next();
      },
    ],
  },
];

type Write = (chunk: Uint8Array | string) => boolean;

function bytesOf(chunk: unknown): Buffer {
  return typeof chunk === "string" ? Buffer.from(chunk) : Buffer.from(chunk as Uint8Array);
}

function inSingleBytes(res: ServerResponse): void {
  const write = res.write.bind(res) as Write;
  const end = res.end.bind(res) as (chunk?: Uint8Array) => ServerResponse;
  const send = (chunk: unknown): boolean => {
    const bytes = bytesOf(chunk);
    const singles = Math.min(bytes.length, SINGLE_BYTES);
    let isTaken = true;
    for (let at = 0; at < singles; at += 1) isTaken = write(bytes.subarray(at, at + 1));
    return bytes.length > singles ? write(bytes.subarray(singles)) : isTaken;
  };
  res.write = send;
  res.end = (chunk?: unknown) => {
    if (chunk !== undefined && typeof chunk !== "function") send(chunk);
    return end();
  };
}

/** Compress the answer, and flush each chunk at once. */
function compress(res: ServerResponse): void {
  const write = res.write.bind(res) as Write;
  const end = res.end.bind(res) as () => ServerResponse;
  let gzip: Gzip | undefined;
  const begin = (): Gzip => {
    if (gzip) return gzip;
    res.removeHeader("Content-Length");
    res.setHeader("Content-Encoding", "gzip");
    gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
    gzip.on("data", write).once("end", end);
    return gzip;
  };
  res.write = (chunk: unknown) => begin().write(bytesOf(chunk));
  res.end = (chunk?: unknown) => {
    if (chunk === undefined || typeof chunk === "function") return gzip ? endOf(gzip, res) : end();
    begin().write(bytesOf(chunk));
    return endOf(begin(), res);
  };
}

function endOf(gzip: Gzip, res: ServerResponse): ServerResponse {
  gzip.end();
  return res;
}
