import assert from "node:assert/strict";
import type { Log } from "../log.ts";
import { CAPABILITIES, type Capability, type LogHarness, type LogUnderTest } from "./harness.ts";

const GRACE_MS = 20_000;

/** What a test does: `channel` was never written. */
export type LogTestRun = (subject: Subject, channel: string) => Promise<void>;

/** One test of the contract. */
export interface LogTest {
  readonly name: string;
  readonly needs: readonly Capability[];
  readonly run: LogTestRun;
}

/** The tests of one topic, by what they show. */
export function group(
  topic: string,
  tests: Readonly<Record<string, LogTestRun>>,
  needs: readonly Capability[] = [],
): readonly LogTest[] {
  return Object.entries(tests).map(([shows, run]) => ({ name: `${topic}: ${shows}`, needs, run }));
}

/** The log of one test, with names for its channels and the harness's means at hand. */
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

  /** The log as it is now: another one after each restart. */
  get log(): Log {
    return this.#log;
  }

  /** What was acknowledged is there after a restart. */
  get durable(): boolean {
    return this.harness.durable ?? false;
  }

  /** Another log, which shares nothing with this one. */
  async otherLog(): Promise<Log> {
    const other = await this.harness.create();
    this.#created.push(other);
    return other.log;
  }

  /** The same log, as another node has it. */
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

  /** The promise, or a failure that says `what` did not come in time. */
  async within<T>(what: string, promise: Promise<T>): Promise<T> {
    const { graceMs = GRACE_MS } = this.harness;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${what}: not in ${graceMs} ms`)), graceMs);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
  }

  /** Everything the harness says it offers is there, and nothing that it says it lacks. */
  assertCapabilities(): void {
    const { lacks = {} } = this.harness;
    for (const capability of CAPABILITIES) {
      const has = this.#current[capability] !== undefined;
      assert.notEqual(
        has,
        lacks[capability] !== undefined,
        `${capability}: either offered, or lacking with a reason`,
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
    throw new Error(`The harness does not offer ${name}, nor does it say so in \`lacks\``);
  return means;
}
