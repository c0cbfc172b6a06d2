import { ProtocolError } from "@tidemark/protocol";
import { storageFull } from "./store/failure.ts";

/** Commits everything that a function wrote, or nothing. */
export type Commit = (work: () => void) => Promise<void>;

interface Job {
  /** The bytes that the job adds; 0 if it needs no space. */
  readonly bytes: number;
  /** Check, then write. A ProtocolError is the job's own result; any other error undoes the whole commit. */
  readonly run: () => void;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** The most jobs in a commit, because they block the event loop while they write. */
const MAX_JOBS = 256;

/**
 * Runs jobs in order. All waiting jobs share one commit, so many appends share one sync.
 *
 * A job must check everything before its first write.
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
   * Resolves with the result of `work` once it is committed. Rejects with the ProtocolError of `work`, or
   * with the failure of the commit. `bytes` is what `work` adds; with 0 it runs on a full disk too.
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

  /** Accept no more jobs, reject the waiting ones, and wait for the running ones. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { failed } of this.#waiting.splice(0)) {
      failed(new ProtocolError("unavailable", "The log is disposed of"));
    }
    await this.#draining;
  }

  async #drain(): Promise<void> {
    await null; // appends of the same turn join this commit
    while (this.#waiting.length > 0) {
      const jobs = this.#fitting(this.#waiting.splice(0, MAX_JOBS));
      if (jobs.length > 0) await this.#commitAll(jobs);
    }
    this.#draining = undefined;
  }

  /** The jobs for which there is space; the others are rejected. */
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

/** Run the work now. Returns a function that settles the promise later. */
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
