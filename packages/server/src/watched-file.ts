import { readFileSync, statSync } from "node:fs";

/** How often a file is looked at, in milliseconds, if it is used that often. */
const LOOK_MS = 1_000;

/**
 * What a file says. It is read again when it has changed, also if it was replaced, as Kubernetes and certbot do. If it
 * cannot be read, or is invalid, what it said before stays in force, and the failure is reported once.
 */
export class WatchedFile<T> {
  readonly #path: string;
  readonly #parse: (text: string) => T;
  readonly #failed: (error: unknown) => void;
  readonly #lookMs: number;
  #value: T;
  #state: string;
  #lookedMs: number;

  /** @throws an error that names the file, if it cannot be read or `parse` throws */
  constructor(
    path: string,
    parse: (text: string) => T,
    failed: (error: unknown) => void,
    lookMs: number = LOOK_MS,
  ) {
    this.#path = path;
    this.#parse = parse;
    this.#failed = failed;
    this.#lookMs = lookMs;
    this.#state = stateOf(path);
    this.#value = this.#read();
    this.#lookedMs = performance.now();
  }

  /** What the file says now. The same object while it has not changed. */
  get value(): T {
    const now = performance.now();
    if (now - this.#lookedMs < this.#lookMs) return this.#value;
    this.#lookedMs = now;
    try {
      const state = stateOf(this.#path);
      if (state === this.#state) return this.#value;
      this.#state = state; // before it is read, so that a failure is reported once
      this.#value = this.#read();
    } catch (error) {
      this.#failed(error);
    }
    return this.#value;
  }

  #read(): T {
    try {
      return this.#parse(readFileSync(this.#path, "utf8"));
    } catch (error) {
      throw new Error(`${this.#path}: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
  }
}

/** Changes whenever the file does. Empty while there is none. */
function stateOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? "" : `${found.ino} ${found.size} ${found.mtimeMs}`;
}
