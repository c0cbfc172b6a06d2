import { ProtocolError } from "@tidemark/protocol";
import { storageFull } from "./store/failure.ts";

/** Commits what a function wrote, or nothing of it. */
export type Commit = (work: () => void) => Promise<void>;

interface Job {
  /** Bytes that it adds; 0 if it takes no room. */
  readonly bytes: number;
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
  readonly #hasRoom: (bytes: number) => boolean;
  #waiting: Job[] = [];
  #draining: Promise<void> | undefined;
  #closed = false;

  /** `hasRoom` tells whether a commit may add so many bytes. */
  constructor(commit: Commit, hasRoom: (bytes: number) => boolean) {
    this.#commit = commit;
    this.#hasRoom = hasRoom;
  }

  /**
   * What `work` answers, once it is committed. Rejects with its refusal, or with the failure of the commit. `bytes` is
   * what it adds; without them it is done on a full disk too.
   */
  run<T>(work: () => T, bytes = 0): Promise<T> {
    if (this.#closed) return Promise.reject(new ProtocolError("unavailable", "The log is disposed of"));
    return new Promise<T>((resolve, reject) => {
      let settle = (): void => {};
      const run = (): void => {
        settle = refusalOr(work, resolve, reject);
      };
      this.#waiting.push({ bytes, run, done: () => settle(), failed: reject });
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
      const jobs = this.#fitting(this.#waiting.splice(0, MAX_JOBS));
      if (jobs.length > 0) await this.#commitAll(jobs);
    }
    this.#draining = undefined;
  }

  /** The jobs that there is room for; the others are refused. */
  #fitting(jobs: readonly Job[]): readonly Job[] {
    const bytes = jobs.reduce((sum, job) => sum + job.bytes, 0);
    if (bytes === 0 || this.#hasRoom(bytes)) return jobs;
    for (const { bytes, failed } of jobs) if (bytes > 0) failed(storageFull());
    return jobs.filter((job) => job.bytes === 0);
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
