import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** How many processes there are, and how many jobs each runs at once. */
export interface PoolSize {
  readonly processes: number;
  readonly each: number;
}

/** A run computes for a second and waits for two or more: this keeps two cores busy without making a run late. */
const DEFAULT_SIZE: PoolSize = { processes: 2, each: 2 };

const WORKER = fileURLToPath(new URL("./worker.ts", import.meta.url));

/** The answer of a worker. */
export type Reply<R> =
  | { readonly ok: true; readonly result: R }
  | { readonly ok: false; readonly error: string };

/** Run jobs in worker processes, several at once, and report each when it is done. Rejects with the first failure. */
export async function runAll<J, R>(
  jobs: readonly J[],
  onDone: (job: J, result: R) => void,
  { processes, each }: PoolSize = DEFAULT_SIZE,
): Promise<void> {
  const waiting = [...jobs];
  const workers = Array.from({ length: Math.min(processes, jobs.length) }, () => new Worker<J, R>());
  const drain = async (worker: Worker<J, R>): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift())
      onDone(job, await worker.run(job));
  };
  try {
    await Promise.all(workers.flatMap((worker) => Array.from({ length: each }, () => drain(worker))));
  } finally {
    for (const worker of workers) worker.stop();
  }
}

class Worker<J, R> {
  readonly #child: ChildProcess = fork(WORKER, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  readonly #pending = new Map<number, { resolve(result: R): void; reject(error: Error): void }>();
  #count = 0;

  constructor() {
    this.#child.on("message", ({ number, reply }: { number: number; reply: Reply<R> }) => {
      const pending = this.#pending.get(number);
      this.#pending.delete(number);
      if (reply.ok) pending?.resolve(reply.result);
      else pending?.reject(new Error(reply.error));
    });
    this.#child.once("exit", (code) => {
      for (const { reject } of this.#pending.values()) reject(new Error(`the worker exited with ${code}`));
    });
  }

  run(job: J): Promise<R> {
    this.#count += 1;
    const number = this.#count;
    return new Promise((resolve, reject) => {
      this.#pending.set(number, { resolve, reject });
      this.#child.send({ number, job });
    });
  }

  stop(): void {
    this.#child.kill();
  }
}
