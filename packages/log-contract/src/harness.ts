import type { Log } from "@tidemark/log";

/** Something that a test needs and the `Log` interface does not offer. */
export type Capability = "trim" | "restart" | "lose" | "expireKeys" | "another";

/** A log under test, and ways to change it from outside its interface. */
export interface LogUnderTest {
  readonly log: Log;
  /** Let retention drop all but the newest `keepLast` messages, now. */
  trim?(channel: string, keepLast: number): Promise<void>;
  /** End the log as a crash would, and reopen what is left. The old `Log` is not used again. */
  restart?(): Promise<Log>;
  /** Lose the newest `count` messages, as a store does that falls back to an older state. */
  lose?(channel: string, count: number): Promise<void>;
  /** Let every idempotency key expire. */
  expireKeys?(): Promise<void>;
  /** Open the same log again, as another node does. The caller disposes of it. */
  another?(): Promise<Log>;
  dispose(): Promise<void>;
}

/** Creates logs for the contract tests. */
export interface LogHarness {
  /** Create a log for one test. Two created logs share nothing. */
  create(): Promise<LogUnderTest>;
  /**
   * The capabilities that {@link create} does not offer, with reasons. Tests that need them are listed as not
   * run.
   */
  readonly lacks?: Readonly<Partial<Record<Capability, string>>>;
  /** Acknowledged messages survive a restart. @defaultValue false: then every cursor is a gap. */
  readonly durable?: boolean;
  /**
   * The longest wait for a wake-up, in milliseconds; only a failing log takes this long. @defaultValue 5_000
   */
  readonly graceMs?: number;
}

/** Every {@link Capability}. */
export const CAPABILITIES: readonly Capability[] = ["trim", "restart", "lose", "expireKeys", "another"];
