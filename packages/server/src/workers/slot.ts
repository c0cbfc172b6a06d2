import { type ChildProcess, fork } from "node:child_process";
import type { Log } from "@tidemark/log";
import { LogOwner } from "./log-owner.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import type { Receiver, SharedListener } from "./shared-listener.ts";
import type { WorkersHealth } from "./workers-health.ts";

/** How long the place of a worker that ended stays empty, in milliseconds: at first, and at most. */
const FIRST_REST_MS = 100;
const LONGEST_REST_MS = 10_000;
/** A worker that listened for so long did not end for the reason of the one before it. */
const STEADY_MS = 10_000;

const WELL_ENDED = "exit code 0";

/** In a worker's environment: that it is one. */
const WORKER_VARIABLE = "TIDEMARK_WORKER";

/** Whether this process is a worker of another one. */
export function isWorker(): boolean {
  return process.env[WORKER_VARIABLE] !== undefined && process.send !== undefined;
}

/** What the places of workers have in common. */
export interface SlotOptions {
  readonly listener: SharedListener;
  /** Told of the workers' own logs. */
  readonly health: WorkersHealth;
  /** The log that this process holds for the workers; without one, each opens its own. */
  readonly log: Log | undefined;
  /** Told, in a line for people, of a worker that ended and what becomes of it. */
  readonly report: (line: string) => void;
}

/** A process, and the way for connections to it. */
interface Worker extends Receiver {
  readonly process: ChildProcess;
}

/** How the first start of a place went. */
interface FirstStart {
  resolve(): void;
  reject(error: Error): void;
}

/** The place of one worker: filled again whenever the worker in it ends, until it is drained. */
export class Slot {
  readonly #number: number;
  readonly #options: SlotOptions;
  #first: FirstStart | undefined;
  #worker: Worker | undefined;
  #readySinceMs: number | undefined;
  #leaving = false;
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

  /** Resolves once a worker is ready; rejects with why it could not start. */
  start(): Promise<void> {
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
    if (this.#readySinceMs === undefined)
      this.#worker.process.kill("SIGKILL"); // it holds nothing yet
    else this.#retire(this.#worker, windowMs);
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
    const { log, health, report } = this.#options;
    const worker = startProcess();
    const owner = log && new LogOwner(log, (reply) => tell(worker, { type: "log", reply }));
    this.#worker = worker;
    this.#reason = undefined;
    this.#readySinceMs = undefined;
    this.#leaving = false;
    worker.process.on("message", (message: FromWorker) => {
      if (message.type === "log") void owner?.take(message.call);
      else if (message.type === "health") health.take(worker, message.health, message.isFirst);
      else if (message.type === "failed") this.#reason = message.reason;
      else if (message.type === "leaving") this.#retire(worker, message.windowMs);
      else this.#enter(worker);
    });
    this.#ended = endOf(worker).then((how) => {
      owner?.close().catch((error: unknown) => report(`a watch of the log did not end: ${error}`));
      this.#leave(worker, this.#reason ?? how);
    });
  }

  #enter(worker: Worker): void {
    this.#readySinceMs = performance.now();
    if (!this.#draining && !this.#leaving) this.#options.listener.add(worker);
    if (this.#first === undefined) this.#options.report(`${this.#name(worker)} listens`);
    this.#first?.resolve();
    this.#first = undefined;
  }

  /** Messages keep their order, so each connection that was passed to the worker comes before `drain`. */
  #retire(worker: Worker, windowMs: number): void {
    this.#leaving = true;
    this.#options.listener.retire(worker);
    tell(worker, { type: "drain", windowMs });
  }

  #leave(worker: Worker, why: string): void {
    const { listener, health, report } = this.#options;
    const readyMs = this.#readySinceMs === undefined ? 0 : performance.now() - this.#readySinceMs;
    listener.lose(worker);
    health.forget(worker);
    this.#worker = undefined;
    const ended = `${this.#name(worker)} ended: ${why}`;
    if (this.#first) this.#first.reject(new Error(this.#reason ?? ended));
    else if (!this.#draining) this.#refill(ended, readyMs);
    else if (!this.#killed && why !== WELL_ENDED) report(ended);
  }

  #name({ process }: Worker): string {
    return `worker ${this.#number} (process ${process.pid})`;
  }

  #refill(ended: string, readyMs: number): void {
    if (readyMs >= STEADY_MS) this.#endings = 0;
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

/** Start the present command once more, as a worker. */
function startProcess(): Worker {
  const [, main = "", ...words] = process.argv;
  const env = { ...process.env, [WORKER_VARIABLE]: "1" };
  const child = fork(main, words, { env, serialization: "advanced" });
  return {
    process: child,
    pass(socket, passed) {
      // This process keeps its descriptor until the message is written. Node would close it only when the worker says
      // that it has it: never, if the worker is killed before. An error means that the worker has ended: its exit follows.
      child.send({ type: "connection" } satisfies ToWorker, socket, { keepOpen: true }, (error) => {
        if (error === null) passed();
      });
    },
  };
}

/** Resolves once the worker is no more, with how it ended. */
function endOf({ process: child }: Worker): Promise<string> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve(signal === null ? `exit code ${code}` : signal));
    child.on("error", (error) => {
      if (child.pid === undefined) resolve(error.message); // there was never a process
    });
  });
}

/** Send to a worker that may be gone: its exit tells then, and this message has no one to go to. */
function tell({ process: child }: Worker, message: ToWorker): void {
  if (child.connected) child.send(message, () => {});
}
