import { connect, type Socket } from "node:net";
import { countMessages } from "./message-text.ts";

/** The parts of an answer that the load generator needs. */
export interface Answer {
  readonly status: number;
  /** Status line and header fields, unchanged. */
  readonly head: string;
  /** The last bytes of the body. */
  readonly tail: string;
  /** Bytes on the wire, including header fields. */
  readonly bytes: number;
  /** Messages in the body. */
  readonly messages: number;
}

const HEAD_END = "\r\n\r\n";
/** Longer than the header fields of any target. */
const HEAD_BYTES = 4_096;
/** Longer than the text after the messages in a page. */
const TAIL_BYTES = 512;

/** One buffer for all connections: received bytes are counted before the next read. */
const received = Buffer.allocUnsafe(256 * 1024);

/** One kept-alive connection, for one request at a time; it counts the messages of bodies and discards them. */
export class Connection {
  readonly #socket: Socket;
  #resolve: ((answer: Answer) => void) | undefined;
  #reject: ((error: Error) => void) | undefined;
  #head = "";
  #tail = "";
  #bytes = 0;
  #messages = 0;
  /** Bytes of the body that have not arrived yet; NaN for a chunked body. */
  #missing = 0;
  #inBody = false;

  constructor(port: number) {
    const callback = (length: number): boolean => {
      this.#take(received, length);
      return true;
    };
    this.#socket = connect({
      port,
      host: "127.0.0.1",
      noDelay: true,
      onread: { buffer: received, callback },
    });
    this.#socket.on("error", (error) => this.#reject?.(error));
    this.#socket.on("close", () => this.#reject?.(new Error("the connection was closed")));
  }

  /** Send a whole request and wait for its answer. Rejects if the connection is or becomes closed. */
  ask(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (!this.#socket.writable) return reject(new Error("the connection was closed before the request"));
      this.#resolve = resolve;
      this.#reject = reject;
      this.#socket.write(request, "latin1");
    });
  }

  close(): void {
    this.#reject = undefined;
    this.#socket.destroy();
  }

  #take(bytes: Buffer, length: number): void {
    this.#bytes += length;
    let from = 0;
    if (!this.#inBody) {
      const before = this.#head.length;
      const text = this.#head + bytes.toString("latin1", 0, Math.min(length, HEAD_BYTES));
      const end = text.indexOf(HEAD_END);
      this.#head = end === -1 ? text : text.slice(0, end + HEAD_END.length);
      if (end === -1) return;
      from = this.#head.length - before;
      this.#inBody = true;
      this.#missing = bodyLength(this.#head);
    }
    this.#messages += countMessages(bytes.subarray(from, length), length - from);
    this.#tail = (this.#tail + bytes.toString("latin1", Math.max(from, length - TAIL_BYTES), length)).slice(
      -TAIL_BYTES,
    );
    this.#missing -= length - from;
    const isWhole = Number.isNaN(this.#missing) ? this.#tail.endsWith("0\r\n\r\n") : this.#missing <= 0;
    if (isWhole) this.#finish();
  }

  #finish(): void {
    const answer: Answer = {
      status: Number(this.#head.slice(9, 12)),
      head: this.#head,
      tail: this.#tail,
      bytes: this.#bytes,
      messages: this.#messages,
    };
    this.#head = "";
    this.#tail = "";
    this.#bytes = 0;
    this.#messages = 0;
    this.#inBody = false;
    this.#resolve?.(answer);
  }
}

function bodyLength(head: string): number {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return Number(length);
  return /\r\ntransfer-encoding: *chunked/i.test(head) ? Number.NaN : 0;
}

/** The value of a header field of an answer; empty if it is absent. */
export function fieldOf({ head }: Answer, name: string): string {
  return new RegExp(`\\r\\n${name}: *([^\\r]*)`, "i").exec(head)?.[1] ?? "";
}
