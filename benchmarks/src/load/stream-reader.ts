import { connect, type Socket } from "node:net";
import { agesOf, countMessages } from "./message-text.ts";

const received = Buffer.allocUnsafe(256 * 1024);

/** A group of readers, and what they received together. */
export class Audience {
  /** The sum of the messages that each reader received. */
  count = 0;
  /** Milliseconds from the creation of each message to each delivery; recorded while `timed`. */
  readonly ages: number[] = [];
  timed = false;
  failure: Error | undefined;
  readonly #readers: StreamReader[] = [];
  readonly port: number;

  constructor(port: number) {
    this.port = port;
  }

  get readers(): readonly StreamReader[] {
    return this.#readers;
  }

  /** Open streams, one for each request; resolves when each has received its first bytes. */
  async open(requests: readonly string[]): Promise<void> {
    const AT_ONCE = 100; // below the backlog of every target
    for (let from = 0; from < requests.length; from += AT_ONCE) {
      const some = requests
        .slice(from, from + AT_ONCE)
        .map((request) => new StreamReader(this.port, request, this));
      this.#readers.push(...some);
      await Promise.all(some.map(({ opened }) => opened));
    }
  }

  /** Resolves when the readers have received `total` messages together. @throws if it takes longer than `timeoutMs` */
  async until(total: number, timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (this.count < total && this.failure === undefined) {
      if (performance.now() > deadline)
        throw new Error(`the readers received ${this.count} of ${total} messages in ${timeoutMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    if (this.failure) throw this.failure;
  }

  /** Resolves when nothing has arrived for `forMs`. */
  async quiet(forMs: number): Promise<void> {
    for (let before = -1; before !== this.count; ) {
      before = this.count;
      await new Promise((resolve) => setTimeout(resolve, forMs));
    }
  }

  close(): void {
    for (const reader of this.#readers.splice(0)) reader.close();
  }
}

/** A reader of a stream that counts messages without decoding them. */
export class StreamReader {
  /** Resolves with the first bytes. */
  readonly opened: Promise<void>;
  /** Messages received so far. */
  count = 0;
  readonly #socket: Socket;

  constructor(port: number, request: string, audience: Audience) {
    let opened = (): void => undefined;
    let isOpen = false;
    const callback = (length: number): boolean => {
      const count = countMessages(received, length);
      this.count += count;
      audience.count += count;
      if (audience.timed && count > 0) agesOf(received, length, (age) => audience.ages.push(age));
      if (!isOpen) opened();
      isOpen = true;
      return true;
    };
    this.#socket = connect({
      port,
      host: "127.0.0.1",
      noDelay: true,
      onread: { buffer: received, callback },
    });
    this.opened = new Promise((resolve, reject) => {
      opened = resolve;
      this.#socket.on("error", reject);
      this.#socket.on("close", () => {
        audience.failure ??= new Error("a stream ended early");
        reject(audience.failure);
      });
    });
    this.opened.catch(() => undefined); // `open` reports the failure to its caller
    this.#socket.write(request, "latin1");
  }

  close(): void {
    this.#socket.removeAllListeners("close");
    this.#socket.destroy();
  }
}
