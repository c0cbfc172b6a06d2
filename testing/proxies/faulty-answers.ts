import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { joinSockets } from "./join-sockets.ts";

/** What happens to an answer. Most are whole. */
export type Fault = "whole" | "missing" | "late" | "partial" | "duplicated";

/** One answer of an engine. Without `mayFail` it is always forwarded unchanged. */
export interface Answer {
  readonly bytes: Buffer;
  readonly mayFail: boolean;
}

/**
 * How an engine answers: in order, so that a missing or late answer delays all later ones, or independently.
 */
export interface AnswerForm {
  readonly part: PartAnswers;
  readonly isOrdered: boolean;
}

/** Splits an engine's bytes into complete answers; `rest` is the beginning of the next one. */
export type PartAnswers = (bytes: Buffer) => { readonly answers: readonly Answer[]; readonly rest: Buffer };

/** The delays of late answers, in milliseconds; the longest exceeds the client's timeout. */
const LATE_MS = [5, 50, 400];

/** A proxy between a client and its engine that applies faults to the answers. */
export class FaultyAnswers {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #form: AnswerForm;
  /** The faults of the next answers; later answers are whole. */
  #faults: Fault[] = [];
  #late = 0;

  private constructor(port: number, form: AnswerForm) {
    this.#form = form;
    this.#server = createServer((client) => this.#join(client, connect(port, "127.0.0.1")));
  }

  static async to(port: number, form: AnswerForm): Promise<FaultyAnswers> {
    const proxy = new FaultyAnswers(port, form);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Whether faults are left to apply. */
  get isFaulty(): boolean {
    return this.#faults.length > 0;
  }

  begin(faults: readonly Fault[]): void {
    this.#faults = [...faults];
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #join(client: Socket, engine: Socket): void {
    joinSockets(client, engine, this.#sockets);
    client.on("data", (bytes) => engine.write(bytes));
    let rest = Buffer.alloc(0);
    let sending = Promise.resolve();
    engine.on("data", (bytes) => {
      const parted = this.#form.part(Buffer.concat([rest, bytes]));
      rest = Buffer.from(parted.rest);
      for (const answer of parted.answers) {
        if (this.#form.isOrdered) sending = sending.then(() => this.#answer(client, answer));
        else void this.#answer(client, answer);
      }
    });
  }

  /** Resolves when the next answer may be sent; never rejects. */
  async #answer(client: Socket, { bytes, mayFail }: Answer): Promise<void> {
    const fault = (mayFail && this.#faults.shift()) || "whole";
    if (fault === "missing") return this.#form.isOrdered ? new Promise(() => undefined) : undefined;
    if (fault === "late") await sleep(LATE_MS[this.#late++ % LATE_MS.length]);
    if (!client.writable) return;
    if (fault === "partial") {
      client.end(bytes.subarray(0, bytes.length / 2));
      return;
    }
    client.write(bytes);
    if (fault === "duplicated") client.write(bytes);
  }
}
