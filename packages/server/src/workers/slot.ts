import cluster, { type Worker } from "node:cluster";
import type { Log } from "@tidemark/log";
import { LogOwner } from "./log-owner.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import type { SharedPort } from "./shared-port.ts";

/** How long the place of a worker that ended stays empty, in milliseconds: at first, and at most. */
const FIRST_REST_MS = 100;
const LONGEST_REST_MS = 10_000;
/** A worker that listened for so long did not end for the reason of the one before it. */
const STEADY_MS = 10_000;

const WELL_ENDED = "exit code 0";

/** In a worker's environment: the port that it is to listen on. */
export const PORT_VARIABLE = "TIDEMARK_WORKER_PORT";

/** What the places of workers have in common. */
export interface SlotOptions {
  readonly port: SharedPort;
  /** The log that this process holds for the workers; without one, each opens its own. */
  readonly log: Log | undefined;
  /** Told, in a line for people, of a worker that ended and what becomes of it. */
  readonly report: (line: string) => void;
}

/** How the first start of a place went. */
interface FirstStart {
  resolve(url: string): void;
  reject(error: Error): void;
}

/** The place of one worker: filled again whenever the worker in it ends, until it is drained. */
export class Slot {
  readonly #number: number;
  readonly #options: SlotOptions;
  #first: FirstStart | undefined;
  #worker: Worker | undefined;
  #listensSinceMs: number | undefined;
  #reason: string | undefined;
  #ended: Promise<void> = Promise.resolve();
  #rest: NodeJS.Timeout | undefined;
  /** How many workers ended one after the other, each before it was steady. */
  #endings = 0;
  #draining = false;
  #killed = false;

  constructor(number: number, options: SlotOptions) {
    this.#number = number;
    this.#options = options;
  }

  /** Resolves with the address once a worker listens; rejects with why it could not. */
  start(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#first = { resolve, reject };
      this.#fork();
    });
  }

  /** Let the worker end its streams over `windowMs`. Resolves once it is gone; there is none after it. */
  async drain(windowMs: number): Promise<void> {
    this.#draining = true;
    clearTimeout(this.#rest);
    if (this.#worker === undefined) return;
    if (this.#listensSinceMs === undefined)
      this.#worker.process.kill("SIGKILL"); // it holds nothing yet
    else tell(this.#worker, { type: "drain", windowMs });
    await this.#ended;
  }

  /** End the worker at once and without a word; there is none after it. */
  kill(): void {
    this.#draining = true;
    this.#killed = true;
    clearTimeout(this.#rest);
    this.#worker?.process.kill("SIGKILL");
  }

  #fork(): void {
    const { log, port, report } = this.#options;
    const worker = cluster.fork({ [PORT_VARIABLE]: String(port.wanted) });
    const owner = log && new LogOwner(log, (reply) => tell(worker, { type: "log", reply }));
    this.#worker = worker;
    this.#reason = undefined;
    this.#listensSinceMs = undefined;
    worker.on("message", (message: FromWorker) => {
      if (message.type === "log") void owner?.take(message.call);
      else if (message.type === "failed") this.#reason = message.reason;
      else this.#enter(worker, message);
    });
    this.#ended = endOf(worker).then((how) => {
      owner?.close().catch((error: unknown) => report(`a watch of the log did not end: ${error}`));
      this.#leave(worker, this.#reason ?? how);
    });
  }

  #enter(worker: Worker, { url, port }: Extract<FromWorker, { type: "listening" }>): void {
    if (!this.#options.port.enter(port)) {
      this.#reason = `it got port ${port}`;
      worker.process.kill("SIGKILL");
      return;
    }
    this.#listensSinceMs = performance.now();
    if (this.#first === undefined) this.#options.report(`${this.#name(worker)} listens`);
    this.#first?.resolve(url);
    this.#first = undefined;
  }

  #leave(worker: Worker, why: string): void {
    const { port, report } = this.#options;
    const listenedMs = this.#listensSinceMs === undefined ? 0 : performance.now() - this.#listensSinceMs;
    if (this.#listensSinceMs !== undefined) port.leave();
    this.#worker = undefined;
    const ended = `${this.#name(worker)} ended: ${why}`;
    if (this.#first) this.#first.reject(new Error(this.#reason ?? ended));
    else if (!this.#draining) this.#refill(ended, listenedMs);
    else if (!this.#killed && why !== WELL_ENDED) report(ended);
  }

  #name({ process }: Worker): string {
    return `worker ${this.#number} (process ${process.pid})`;
  }

  #refill(ended: string, listenedMs: number): void {
    if (listenedMs >= STEADY_MS) this.#endings = 0;
    const waitMs = restMs(this.#endings);
    this.#endings += 1;
    this.#options.report(`${ended}; the next one starts in ${waitMs / 1_000} s`);
    this.#rest = setTimeout(() => this.#fork(), waitMs);
  }
}

/** How long a place stays empty after so many workers that did not last: doubled each time, up to 10 s. */
export function restMs(endings: number): number {
  return Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** endings);
}

/** Resolves once the worker is no more, with how it ended. */
function endOf(worker: Worker): Promise<string> {
  return new Promise((resolve) => {
    worker.once("exit", (code, signal) => resolve(signal === null ? `exit code ${code}` : signal));
    worker.on("error", (error) => {
      if (worker.process.pid === undefined) resolve(error.message); // there was never a process
    });
  });
}

/** Send to a worker that may be gone: its exit tells then, and this message has no one to go to. */
function tell(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message, () => {});
}
