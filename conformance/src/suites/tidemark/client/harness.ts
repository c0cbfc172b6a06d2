import { NoVerdict } from "../../../engine/run/suite.ts";
import { validateTold } from "../../../generated/validate.js";
import type { Told } from "./contract.ts";
import { CONTRACT, type Hello, type Open, type Order, type PublishOrder } from "./contract.ts";
import type { AdapterLink, ConnectAdapter } from "./link.ts";
import { Reading } from "./reading.ts";

/** How long an adapter may take to say hello; it may have to be compiled first. */
const HELLO_LIMIT_MS = 30_000;

/** The suite's side of the contract: sends orders to one adapter and collects its reports. */
export class Harness {
  readonly #link: AdapterLink;
  readonly #readings = new Map<string, Reading>();
  readonly #watchers = new Set<() => void>();
  readonly #ready: Promise<Hello>;
  #greet: (hello: Hello) => void = () => undefined;
  #count = 0;
  /** Why the adapter can report nothing more; undefined while it can. */
  gone: string | undefined;

  constructor(connect: ConnectAdapter) {
    this.#ready = new Promise((resolve) => {
      this.#greet = resolve;
    });
    this.#link = connect({ told: (value) => this.#told(value), gone: (why) => this.#leave(why) });
  }

  /**
   * Wait for the adapter's hello. @throws {NoVerdict} if none comes in time, if it names another version of the
   * contract, or if the run is stopped
   */
  async hello(signal: AbortSignal): Promise<Hello> {
    let timer: NodeJS.Timeout | undefined;
    const limitMs = this.#link.helloLimitMs ?? HELLO_LIMIT_MS;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), limitMs);
      const look = (): void => {
        if (this.gone !== undefined) resolve(undefined);
      };
      this.watch(look);
      look();
      signal.addEventListener("abort", () => resolve(undefined), { once: true });
      if (signal.aborted) resolve(undefined);
    });
    const hello = await Promise.race([this.#ready, late]);
    clearTimeout(timer);
    const silent = signal.aborted ? "the run was stopped" : `nothing came within ${limitMs / 1000} s`;
    if (!hello) throw new NoVerdict(`the adapter did not say hello: ${this.gone ?? silent}`);
    if (hello.contract === CONTRACT) return hello;
    throw new NoVerdict(
      `the adapter speaks version ${hello.contract} of the contract, this suite version ${CONTRACT}`,
    );
  }

  /** Order a subscription or a publish, under a new id. */
  begin(order: Omit<Open, "id"> | Omit<PublishOrder, "id">): Reading {
    this.#count += 1;
    const reading = new Reading(`r${this.#count}`);
    this.#readings.set(reading.id, reading);
    this.send({ ...order, id: reading.id } as Order);
    return reading;
  }

  send(order: Order): void {
    if (this.gone === undefined) this.#link.send(order);
  }

  /** Call `look` after every line, until the returned function is called. */
  watch(look: () => void): () => void {
    this.#watchers.add(look);
    return () => this.#watchers.delete(look);
  }

  /** End the adapter; resolves to its last words, which may be empty. */
  async close(): Promise<string> {
    this.send({ type: "bye" });
    await this.#link.close();
    return this.#link.lastWords?.() ?? "";
  }

  #told(value: unknown): void {
    try {
      const line = readTold(value);
      if (line.type === "hello") this.#greet(line);
      else this.#readings.get(line.id)?.take(line);
      this.#notify();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.#leave(error.message);
    }
  }

  #leave(why: string): void {
    this.gone ??= why;
    this.#notify();
  }

  #notify(): void {
    for (const look of [...this.#watchers]) look();
  }
}

/** Validate a line of an adapter against `schema/adapter.json`. @throws {TypeError} if it is invalid */
function readTold(value: unknown): Told {
  if (validateTold(value)) return value;
  const [fault] = validateTold.errors ?? [];
  const where = fault?.instancePath === "" ? "" : ` at ${fault?.instancePath}`;
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  throw new TypeError(
    `invalid line${where} (${fault?.message}; see schema/adapter.json): ${shown?.slice(0, 300)}`,
  );
}
