import assert from "node:assert/strict";
import type { Log } from "@tidemark/log";
import { CAPABILITIES, type Capability, type LogHarness, type LogUnderTest } from "./harness.ts";

const GRACE_MS = 20_000;

/** The body of a test. `channel` was never written. */
export type LogTestRun = (subject: Subject, channel: string) => Promise<void>;

/** One test of the contract. */
export interface LogTest {
  readonly name: string;
  readonly needs: readonly Capability[];
  readonly run: LogTestRun;
}

/** The tests of one topic, by title. */
export function group(
  topic: string,
  tests: Readonly<Record<string, LogTestRun>>,
  needs: readonly Capability[] = [],
): readonly LogTest[] {
  return Object.entries(tests).map(([shows, run]) => ({ name: `${topic}: ${shows}`, needs, run }));
}

/** The log of one test, with the capabilities of its harness. */
export class Subject {
  readonly harness: LogHarness;
  readonly #created: LogUnderTest[] = [];
  readonly #current: LogUnderTest;
  readonly #others: Log[] = [];
  #log: Log;

  private constructor(harness: LogHarness, first: LogUnderTest) {
    this.harness = harness;
    this.#created.push(first);
    this.#current = first;
    this.#log = first.log;
  }

  static async create(harness: LogHarness): Promise<Subject> {
    return new Subject(harness, await harness.create());
  }

  /** The current log; each restart replaces it. */
  get log(): Log {
    return this.#log;
  }

  /** Whether acknowledged messages survive a restart. */
  get durable(): boolean {
    return this.harness.durable ?? false;
  }

  /** A second log that shares nothing with this one. */
  async otherLog(): Promise<Log> {
    const other = await this.harness.create();
    this.#created.push(other);
    return other.log;
  }

  /** The same log, opened by another node. */
  async another(): Promise<Log> {
    const other = await offered(this.#current.another, "another").call(this.#current);
    this.#others.push(other);
    return other;
  }

  async trim(channel: string, keepLast: number): Promise<void> {
    await offered(this.#current.trim, "trim").call(this.#current, channel, keepLast);
  }

  async lose(channel: string, count: number): Promise<void> {
    await offered(this.#current.lose, "lose").call(this.#current, channel, count);
  }

  async expireKeys(): Promise<void> {
    await offered(this.#current.expireKeys, "expireKeys").call(this.#current);
  }

  async restart(): Promise<void> {
    this.#log = await offered(this.#current.restart, "restart").call(this.#current);
  }

  /** Await the promise, or fail with an error that names `what` did not happen in time. */
  async within<T>(what: string, promise: Promise<T>): Promise<T> {
    const { graceMs = GRACE_MS } = this.harness;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${what}: not within ${graceMs} ms`)), graceMs);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
  }

  /** Assert that each capability is either offered or declared as lacking. */
  assertCapabilities(): void {
    const { lacks = {} } = this.harness;
    for (const capability of CAPABILITIES) {
      const has = this.#current[capability] !== undefined;
      assert.notEqual(
        has,
        lacks[capability] !== undefined,
        `${capability}: must be offered, or listed in \`lacks\` with a reason`,
      );
    }
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#others.map((other) => other.dispose()));
    await Promise.all(this.#created.map((created) => created.dispose()));
  }
}

function offered<T>(means: T | undefined, name: Capability): T {
  if (means === undefined)
    throw new Error(`The harness does not offer ${name}: offer it, or list it in \`lacks\` with a reason`);
  return means;
}
