import type { AddressInfo } from "node:net";
import { createServer, connect as dial, type Server, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { MemoryLog } from "@tidemark/log-memory";
import { listen, type RunningServer } from "@tidemark/server";
import { pieces, type Split } from "./split.ts";

/** Messages of the recorded channel. */
export const MESSAGES = 200;

/** How many bytes before a cut are split. Earlier bytes go out in one piece, so that a long answer stays cheap. */
const SPLIT_BYTES = 48;

/** Pause between two pieces, in milliseconds, so that they arrive separately. */
const PAUSE_MS = 1;

/** A reader whose answers break off after a total number of bytes. */
interface Cut {
  /** Bytes left before the cut. */
  left: number;
  readonly split: Split;
}

/**
 * Replays the answers of the reference server byte for byte, including status lines and chunk sizes. Each reader's
 * answers break off at its cut; later answers are complete.
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

  /** Serve a closed channel with {@link MESSAGES} messages: `n`, or `n` and text with every width of UTF-8. */
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

  /** The URL for one reader, whose answers are cut after `at` bytes. */
  cutAfter(at: number, split: Split): string {
    const id = `/${++this.#reads}`;
    this.#cuts.set(id, { left: at, split });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${id}/channels/a`;
  }

  /** Forget the reader, and return how many bytes were left before its cut. */
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
      cut.left = -1; // later answers are complete
      await writeSplit(socket, upTo, cut.split);
    }
  }

  /** The recorded answer of the reference server, the same every time. */
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

/** Whether an answer is complete, judged by its length or its last chunk. */
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
