import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { type ConnectOptions, type Kept, type Line, openSocket } from "./connect.ts";

/**
 * One connection for many requests. Answers come in the order of the requests; each request has its own line.
 * A connection that is over is not opened again.
 */
export class KeptConnection implements Kept {
  readonly #socket: Socket;
  readonly #lines: Lane[] = [];
  #isOver = false;

  constructor(origin: URL, options: ConnectOptions = {}) {
    this.#socket = openSocket(origin, options);
    this.#socket.setMaxListeners(0);
    this.#socket.on("data", (bytes: Uint8Array) => this.#lines[0]?.emit("data", bytes));
    this.#socket.once("end", () => this.#end("end"));
    this.#socket.once("close", () => this.#end("close"));
    this.#socket.on("error", (error) => {
      this.#isOver = true;
      for (const line of [...this.#lines]) line.emit("error", error);
    });
  }

  /** Whether another request can be sent. */
  get isUsable(): boolean {
    return !this.#isOver;
  }

  /** How many requests wait for their answers. */
  get waiting(): number {
    return this.#lines.length;
  }

  /** Send everything that `send` writes in as few packets as possible. */
  together<T>(send: () => T): T {
    this.#socket.cork();
    try {
      return send();
    } finally {
      this.#socket.uncork();
    }
  }

  line(): Line {
    const line = new Lane(this.#socket, () => this.close());
    this.#lines.push(line);
    return line as unknown as Line;
  }

  release(_line: Line, surplus: readonly Uint8Array[]): void {
    this.#lines.shift();
    for (const bytes of surplus) this.#lines[0]?.emit("data", bytes);
  }

  /** Drop the connection. */
  close(): void {
    this.#isOver = true;
    this.#socket.destroy();
  }

  #end(how: "end" | "close"): void {
    this.#isOver = true;
    for (const line of [...this.#lines]) line.emit(how);
  }
}

/** The part of a connection that one exchange sees. */
class Lane extends EventEmitter {
  readonly #socket: Socket;
  readonly #drop: () => void;
  readonly #bytesBefore: number;

  constructor(socket: Socket, drop: () => void) {
    super();
    this.#socket = socket;
    this.#drop = drop;
    this.#bytesBefore = socket.bytesRead;
    this.on("error", () => undefined); // an exchange that is over no longer listens
  }

  get bytesRead(): number {
    return this.#socket.bytesRead - this.#bytesBefore;
  }

  write(bytes: Uint8Array, done?: (error?: Error | null) => void): boolean {
    return this.#socket.write(bytes, done);
  }

  destroy(): this {
    this.#drop();
    return this;
  }

  pause(): this {
    this.#socket.pause();
    return this;
  }

  resume(): this {
    this.#socket.resume();
    return this;
  }
}
