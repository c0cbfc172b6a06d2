import type { AddressInfo } from "node:net";
import { createServer, connect as dial, type Server, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { MemoryLog } from "@tidemark/log";
import { listen, type RunningServer } from "@tidemark/server";
import { pieces, type Split } from "./split.ts";

/** Messages of the recorded channel. */
export const MESSAGES = 200;

/** Bytes before a cut that are split; what is further away is whole, so that a long answer costs little. */
const SPLIT_BYTES = 48;

/** Between two pieces that are to arrive as two: what comes together is handed on together. */
const PAUSE_MS = 1;

/** A read whose answers break off after so many bytes in all. */
interface Cut {
  /** Bytes that are left until then. */
  left: number;
  readonly split: Split;
}

/**
 * What the reference server answers, recorded byte for byte, status lines and chunk sizes included; played to each
 * reader until its cut, and whole from then on.
 */
export class CutServer {
  readonly #origin: RunningServer;
  readonly #server: Server;
  readonly #records = new Map<string, Promise<Buffer>>();
  readonly #cuts = new Map<string, Cut>();
  readonly #sockets = new Set<Socket>();
  #reads = 0;

  private constructor(origin: RunningServer) {
    this.#origin = origin;
    this.#server = createServer((socket) => {
      this.#sockets.add(socket.setNoDelay().on("error", () => socket.destroy()));
      socket.once("close", () => this.#sockets.delete(socket));
      let head = "";
      socket.setEncoding("latin1").on("data", (text) => {
        head += text;
        if (!head.endsWith("\r\n\r\n")) return;
        void this.#answer(socket, head);
        head = "";
      });
    });
  }

  /** A server of a closed channel with {@link MESSAGES} messages: `n`, or `n` and text in every width of UTF-8. */
  static async start(): Promise<CutServer> {
    const log = new MemoryLog();
    const origin = await listen(log, { port: 0, sse: { retryMs: 1 } });
    const drafts = Array.from({ length: MESSAGES }, (_, index) => ({
      json: JSON.stringify(index % 5 === 4 ? { n: index + 1, text: "aé€😀" } : { n: index + 1 }),
      ...(index % 7 === 6 ? { event: "seventh" } : {}),
    }));
    await log.append("a", drafts, { close: true });
    const cuts = new CutServer(origin);
    await new Promise<void>((resolve) => cuts.#server.listen(0, "127.0.0.1", resolve));
    return cuts;
  }

  /** The address for one reader, whose answers are cut after `at` bytes. */
  cutAfter(at: number, split: Split): string {
    const id = `/${++this.#reads}`;
    this.#cuts.set(id, { left: at, split });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${id}/channels/a`;
  }

  /** Bytes that were left before the cut when the reader had all; forgets the reader. */
  forget(url: string): number {
    const id = url.slice(url.indexOf("/", "http://".length)).replace("/channels/a", "");
    const { left = 0 } = this.#cuts.get(id) ?? {};
    this.#cuts.delete(id);
    return left;
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await this.#origin.close({ windowMs: 0 });
  }

  async #answer(socket: Socket, head: string): Promise<void> {
    const [, id = "", target = ""] = /^GET (\/\d+)(\S+)/.exec(head) ?? [];
    const accept = /^accept: (.*)\r$/im.exec(head)?.[1] ?? "*/*";
    const bytes = await this.#record(target, accept);
    const cut = this.#cuts.get(id);
    if (cut === undefined || cut.left < 0) {
      socket.write(bytes);
    } else if (cut.left >= bytes.length) {
      cut.left -= bytes.length;
      socket.write(bytes);
    } else {
      const upTo = bytes.subarray(0, cut.left);
      cut.left = -1; // the next answers are whole
      await writeSplit(socket, upTo, cut.split);
    }
  }

  /** What the reference server answers to this, the same every time. */
  #record(target: string, accept: string): Promise<Buffer> {
    const key = `${target} ${accept}`;
    const known = this.#records.get(key);
    if (known !== undefined) return known;
    const recorded = this.#ask(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nAccept: ${accept}\r\n\r\n`);
    this.#records.set(key, recorded);
    return recorded;
  }

  async #ask(request: string): Promise<Buffer> {
    const socket = dial(this.#origin.port, "127.0.0.1");
    socket.write(request);
    let bytes = Buffer.alloc(0);
    for await (const chunk of socket) {
      bytes = Buffer.concat([bytes, chunk]);
      if (isWhole(bytes)) break; // leaving the loop closes the socket
    }
    return bytes;
  }
}

/** Whether an answer is all there, by its length or its last chunk. */
function isWhole(bytes: Buffer): boolean {
  const body = bytes.indexOf("\r\n\r\n") + 4;
  const length = /^content-length: (\d+)/im.exec(bytes.toString("latin1", 0, body))?.[1];
  if (length === undefined) return bytes.toString("latin1").endsWith("\r\n0\r\n\r\n");
  return bytes.length >= body + Number(length);
}

async function writeSplit(socket: Socket, bytes: Buffer, split: Split): Promise<void> {
  const far = Math.max(0, bytes.length - SPLIT_BYTES);
  const parts = [bytes.subarray(0, far), ...pieces(bytes.subarray(far), split)];
  for (const part of parts) {
    if (part.length === 0) continue;
    socket.write(part);
    await delay(PAUSE_MS);
  }
  socket.end();
}
