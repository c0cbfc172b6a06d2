import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** What becomes of an answer: a number chooses. Most are whole. */
export type Fault = "whole" | "missing" | "late" | "partial" | "duplicated";

/** A part of what an engine sends; without `mayFail` it is passed on whole. */
export interface Answer {
  readonly bytes: Buffer;
  readonly mayFail: boolean;
}

/** How an engine answers: in order, so that what is missing or late holds up all that follows, or each by itself. */
export interface AnswerForm {
  readonly part: PartAnswers;
  readonly isOrdered: boolean;
}

/** How an engine's bytes are parted into answers: each is whole, and `rest` is the beginning of the next one. */
export type PartAnswers = (bytes: Buffer) => { readonly answers: readonly Answer[]; readonly rest: Buffer };

/** A late answer comes after so long, in milliseconds: some after nobody waits for them any more. */
const LATE_MS = [5, 50, 400];

/** Stands between a client and its engine, and lets the answers go wrong as it is told. */
export class FaultyAnswers {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #form: AnswerForm;
  /** What becomes of the answers to come; all beyond them are whole. */
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

  /** Whether there are faults to come. */
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
    for (const socket of [client, engine]) {
      this.#sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.once("close", () => {
        this.#sockets.delete(socket);
        client.destroy();
        engine.destroy();
      });
    }
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

  /** Resolves when the next answer may follow; never rejects. */
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
