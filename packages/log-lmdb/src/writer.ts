import { ProtocolError } from "@tidemark/protocol";

/** Commits what a function wrote, or nothing of it. */
export type Commit = (work: () => void) => Promise<void>;

interface Job {
  /** Check, then write; what it throws is the answer if it is a refusal, and undoes the whole commit if it is not. */
  readonly run: () => void;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** So many jobs share a commit at most: the event loop stands still while they write. */
const MAX_JOBS = 256;

/**
 * Runs jobs one after the other, those that wait together in one commit: many appends share one sync.
 *
 * A job has to check everything before its first write.
 */
export class Writer {
  readonly #commit: Commit;
  #waiting: Job[] = [];
  #draining: Promise<void> | undefined;
  #closed = false;

  constructor(commit: Commit) {
    this.#commit = commit;
  }

  /** What `work` answers, once it is committed. Rejects with its refusal, or with the failure of the commit. */
  run<T>(work: () => T): Promise<T> {
    if (this.#closed) return Promise.reject(new ProtocolError("unavailable", "The log is disposed of"));
    return new Promise<T>((resolve, reject) => {
      let settle = (): void => {};
      const run = (): void => {
        settle = refusalOr(work, resolve, reject);
      };
      this.#waiting.push({ run, done: () => settle(), failed: reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Take no more jobs, refuse those that wait, and let the running ones end. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { failed } of this.#waiting.splice(0)) {
      failed(new ProtocolError("unavailable", "The log is disposed of"));
    }
    await this.#draining;
  }

  async #drain(): Promise<void> {
    await null; // what is appended in the same turn goes with it
    while (this.#waiting.length > 0) {
      const jobs = this.#waiting.splice(0, MAX_JOBS);
      await this.#commitAll(jobs);
    }
    this.#draining = undefined;
  }

  async #commitAll(jobs: readonly Job[]): Promise<void> {
    try {
      await this.#commit(() => {
        for (const { run } of jobs) run();
      });
    } catch (error) {
      for (const { failed } of jobs) failed(error);
      return;
    }
    for (const { done } of jobs) done();
  }
}

/** Do the work now; settle later. */
function refusalOr<T>(
  work: () => T,
  resolve: (value: T) => void,
  reject: (error: unknown) => void,
): () => void {
  try {
    const value = work();
    return () => resolve(value);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return () => reject(error);
  }
}
