import type { IncomingMessage, ServerResponse } from "node:http";

/** The most that is held back of one answer, in bytes; then the proxy passes it on, as those with full buffers do. */
const MAX_HELD_BYTES = 65_536;

/** The body of an answer on its way to the browser. While `hold` is true, it waits until it is complete. */
export class HeldAnswer {
  readonly #res: ServerResponse;
  #hold: boolean;
  #held: Buffer[] = [];
  #heldBytes = 0;

  constructor(res: ServerResponse, hold: boolean) {
    this.#res = res;
    this.#hold = hold;
  }

  set hold(hold: boolean) {
    this.#hold = hold;
    if (!hold) this.#pass();
  }

  /** Pass on a body, at the pace of the browser. A body that breaks off breaks the answer off too. */
  relay(body: IncomingMessage): void {
    const res = this.#res;
    if (!this.#hold) res.flushHeaders();
    body.on("data", (bytes: Buffer) => {
      this.#held.push(bytes);
      this.#heldBytes += bytes.length;
      if (this.#hold && this.#heldBytes < MAX_HELD_BYTES) return;
      if (this.#pass()) return;
      body.pause();
      res.once("drain", () => body.resume());
    });
    body.once("end", () => {
      this.#pass();
      res.end();
    });
    body.once("error", () => res.destroy());
    body.once("aborted", () => res.destroy());
  }

  /** Send what is held; false while the browser takes no more. */
  #pass(): boolean {
    const bytes = Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    return bytes.length === 0 || this.#res.write(bytes);
  }
}
