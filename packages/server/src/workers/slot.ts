import { type ChildProcess, fork } from "node:child_process";
import type { Log } from "@tidemark/log";
import type { Page } from "../own-pages.ts";
import { Asked } from "./asked.ts";
import { LogOwner } from "./log-owner.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import type { Receiver, SharedListener } from "./shared-listener.ts";
import type { WorkersHealth } from "./workers-health.ts";

/** How long a slot stays empty after its worker ended, in milliseconds: the first time, and at most. */
const FIRST_REST_MS = 100;
const LONGEST_REST_MS = 10_000;
/** A worker that was ready for this long resets the delay: its end has nothing to do with that of the worker before. */
const STEADY_MS = 10_000;

const WELL_ENDED = "exit code 0";

/** The environment variable that marks a process as a worker. */
const WORKER_VARIABLE = "TIDEMARK_WORKER";

/** Whether this process is a worker. */
export function isWorker(): boolean {
  return process.env[WORKER_VARIABLE] !== undefined && process.send !== undefined;
}

/** What all slots share. */
export interface SlotOptions {
  readonly listener: SharedListener;
  /** Receives the health of the workers' own logs. */
  readonly health: WorkersHealth;
  /** The log that this process holds for the workers; if undefined, each worker opens its own. */
  readonly log: Log | undefined;
  /** The settings of the server, which each worker gets when it starts. */
  readonly settings: unknown;
  /** The metrics of all workers together. */
  readonly scrape: () => Promise<Page>;
  /** Called with a line for the operator when a worker ends, and when the next one listens. */
  readonly report: (line: string) => void;
}

/** How long a worker may take to report its metrics, in milliseconds; less than a scrape of Prometheus may take. */
const COLLECT_MS = 5_000;

/** A worker process that connections can be passed to. */
interface Worker extends Receiver {
  readonly process: ChildProcess;
}

/** Settles the promise of {@link Slot.start}. */
interface FirstStart {
  resolve(): void;
  reject(error: Error): void;
}

/** The slot of one worker. When its worker ends, a new one is started, until the slot is drained. */
export class Slot {
  readonly #number: number;
  readonly #options: SlotOptions;
  readonly #collected = new Asked<unknown>();
  #first: FirstStart | undefined;
  #worker: Worker | undefined;
  #readySinceMs: number | undefined;
  #leaving = false;
  #reason: string | undefined;
  #ended: Promise<void> = Promise.resolve();
  #rest: NodeJS.Timeout | undefined;
  /** How many workers in a row ended before they were ready for {@link STEADY_MS}. */
  #endings = 0;
  #draining = false;
  #killed = false;

  constructor(number: number, options: SlotOptions) {
    this.#number = number;
    this.#options = options;
  }

  /** Resolves once a worker is ready; rejects with the reason if it cannot start. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#first = { resolve, reject };
      this.#fork();
    });
  }

  /** Drain the worker over `windowMs`, and start no other. Resolves when it has ended. */
  async drain(windowMs: number): Promise<void> {
    this.#draining = true;
    clearTimeout(this.#rest);
    if (this.#worker === undefined) return;
    if (this.#readySinceMs === undefined)
      this.#worker.process.kill("SIGKILL"); // it holds nothing yet
    else this.#retire(this.#worker, windowMs);
    await this.#ended;
  }

  /** The worker's metrics; undefined if there is no worker, or if it does not answer in time. */
  async collect(): Promise<unknown> {
    const worker = this.#worker;
    if (worker === undefined || this.#readySinceMs === undefined) return undefined;
    return this.#collected.ask((id) => tell(worker, { type: "collect", id }), COLLECT_MS);
  }

  /** Whether a worker takes connections. */
  get isReady(): boolean {
    return this.#readySinceMs !== undefined && this.#worker !== undefined && !this.#leaving;
  }

  /** Kill the worker at once, report nothing, and start no other. */
  kill(): void {
    this.#draining = true;
    this.#killed = true;
    clearTimeout(this.#rest);
    this.#worker?.process.kill("SIGKILL");
  }

  #fork(): void {
    const { log, health, report, settings } = this.#options;
    const worker = startProcess();
    tell(worker, { type: "settings", settings });
    const owner = log && new LogOwner(log, (reply) => tell(worker, { type: "log", reply }));
    this.#worker = worker;
    this.#reason = undefined;
    this.#readySinceMs = undefined;
    this.#leaving = false;
    worker.process.on("message", (message: FromWorker) => {
      if (message.type === "log") void owner?.take(message.call);
      else if (message.type === "collected") this.#collected.take(message.id, message.values);
      else if (message.type === "scrape") void this.#scrape(worker, message.id);
      else if (message.type === "health") health.take(worker, message.health, message.isFirst);
      else if (message.type === "failed") this.#reason = message.reason;
      else if (message.type === "leaving") this.#retire(worker, message.windowMs);
      else this.#enter(worker);
    });
    this.#ended = endOf(worker).then((how) => {
      owner?.close().catch((error: unknown) => report(`a watch of the log could not be ended: ${error}`));
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

  async #scrape(worker: Worker, id: number): Promise<void> {
    tell(worker, { type: "scraped", id, page: await this.#options.scrape() });
  }

  /** Messages keep their order, so the worker gets every connection that was passed to it before `drain`. */
  #retire(worker: Worker, windowMs: number): void {
    this.#leaving = true;
    this.#options.listener.retire(worker);
    tell(worker, { type: "drain", windowMs });
  }

  #leave(worker: Worker, why: string): void {
    const { listener, health, report } = this.#options;
    const readyMs = this.#readySinceMs === undefined ? 0 : performance.now() - this.#readySinceMs;
    this.#collected.end();
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

/** How long a slot stays empty after `endings` workers in a row that ended early: doubled each time, up to 10 s. */
export function restMs(endings: number): number {
  return Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** endings);
}

/** Run the current command once more, as a worker. */
function startProcess(): Worker {
  const [, main = "", ...words] = process.argv;
  const env = { ...process.env, [WORKER_VARIABLE]: "1" };
  const child = fork(main, words, { env, serialization: "advanced" });
  return {
    process: child,
    pass(socket, passed) {
      // This process keeps its descriptor until the message is written. By default Node closes it only when the worker
      // acknowledges it, which never happens if the worker is killed before. An error here means that the worker has
      // ended: its `exit` event follows.
      child.send({ type: "connection" } satisfies ToWorker, socket, { keepOpen: true }, (error) => {
        if (error === null) passed();
      });
    },
  };
}

/** Resolves with the exit code, signal or error when the worker has ended. */
function endOf({ process: child }: Worker): Promise<string> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve(signal === null ? `exit code ${code}` : signal));
    child.on("error", (error) => {
      if (child.pid === undefined) resolve(error.message); // the process could not be started
    });
  });
}

/** Send a message to a worker. If the worker has ended, drop the message: its `exit` event does the rest. */
function tell({ process: child }: Worker, message: ToWorker): void {
  if (child.connected) child.send(message, () => {});
}
