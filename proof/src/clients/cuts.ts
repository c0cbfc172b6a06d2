import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { subscribe } from "@tidemark/client-sse";

/** How the bytes around a cut are split into chunks. */
export type Split = "whole" | "one" | "two" | "utf8" | "random";

/** Every split. */
export const SPLITS: readonly Split[] = ["whole", "one", "two", "utf8", "random"];

/** Bytes before a cut that are split; what is further away is whole, so that a long stream costs little. */
const SPLIT_BYTES = 48;

/** Between two chunks that are to arrive as two: what comes together is handed on together. */
const PAUSE_MS = 1;

/** Messages of the recorded stream. */
export const MESSAGES = 200;

const HEADERS = { tidemark: "v=1, mechanisms=(poll long-poll sse)", "content-type": "text/event-stream" };
const TEXT = "é€😀";

/** The stream from behind so many messages, byte for byte as it was recorded. */
function record(from: number): Buffer {
  const eol = "\r\n";
  const lines = [`retry: 1${eol}event: $open${eol}data: {"heartbeat":15}${eol}id: C.${from}${eol}${eol}`];
  for (let n = from + 1; n <= MESSAGES; n += 1)
    lines.push(`${n % 5 === 0 ? `event: fifth${eol}` : ""}data: "${n} ${TEXT}"${eol}id: C.${n}${eol}${eol}`);
  lines.push(`event: $closed${eol}data: {}${eol}id: C.${MESSAGES}${eol}${eol}`);
  return Buffer.from(lines.join(""));
}

const WHOLE = record(0);

/** Bytes of the recorded stream: so many places there are to cut it. */
export const STREAM_BYTES: number = WHOLE.length;

/** What a cut did to a reader. */
export interface CutResult {
  readonly lost: number;
  readonly repeated: number;
  readonly disordered: number;
}

/** A server whose first answer is cut. */
export class CutServer {
  readonly #server: Server;
  readonly #cuts = new Map<string, { readonly at: number; readonly split: Split }>();

  constructor() {
    this.#server = createServer((request, response) => {
      const url = new URL(request.url ?? "/", "http://server");
      const cut = this.#cuts.get(url.pathname);
      this.#cuts.delete(url.pathname); // the next connection is whole
      response.writeHead(200, HEADERS);
      const from = Number((url.searchParams.get("after") ?? "C.0").slice(2)) || 0;
      if (cut === undefined) response.end(record(from));
      else void writeCut(response, WHOLE.subarray(0, cut.at), cut.split);
    });
  }

  async listen(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  /** Read the whole channel over a first connection that is cut after so many bytes. */
  async read(at: number, split: Split): Promise<CutResult> {
    const path = `/${split}-${at}`;
    this.#cuts.set(path, { at, split });
    const { port } = this.#server.address() as AddressInfo;
    const got: number[] = [];
    for await (const { data } of subscribe<string>(`http://127.0.0.1:${port}${path}`, {
      retryDelayMs: () => 1,
    }))
      got.push(data.endsWith(` ${TEXT}`) ? Number.parseInt(data, 10) : Number.NaN);
    const seen = new Set(got);
    return {
      lost: MESSAGES - [...seen].filter((n) => n >= 1 && n <= MESSAGES).length,
      repeated: got.length - seen.size,
      disordered: got.filter((n, index) => n < (got[index - 1] ?? 0)).length,
    };
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

async function writeCut(response: ServerResponse, bytes: Buffer, split: Split): Promise<void> {
  const far = Math.max(0, bytes.length - SPLIT_BYTES);
  const parts = [bytes.subarray(0, far), ...pieces(bytes.subarray(far), split)].filter(
    ({ length }) => length > 0,
  );
  response.flushHeaders();
  for (const part of parts) {
    response.write(part);
    await delay(PAUSE_MS);
  }
  response.socket?.end();
}

function pieces(bytes: Buffer, split: Split): Buffer[] {
  const cuts = [...bytes.keys()].filter((at) => {
    if (split === "one") return true;
    if (split === "two") return at % 2 === 0;
    if (split === "utf8") return ((bytes[at] ?? 0) & 0xc0) === 0x80;
    return split === "random" && Math.random() < 0.2;
  });
  return [0, ...cuts].map((at, index, all) => bytes.subarray(at, all[index + 1] ?? bytes.length));
}
