import type { Log } from "../log.ts";

/** What a test needs that a log itself does not offer. */
export type Capability = "trim" | "restart" | "lose" | "expireKeys" | "another";

/** A log to be tried, and what can be done to it from behind. */
export interface LogUnderTest {
  readonly log: Log;
  /** Let retention drop all but the newest `keepLast` messages, now. */
  trim?(channel: string, keepLast: number): Promise<void>;
  /** End the log, as a crash would, and open what is left of it. The old `Log` is not used any more. */
  restart?(): Promise<Log>;
  /** Undo the newest `count` messages, as a store does that fell back to an older state. */
  lose?(channel: string, count: number): Promise<void>;
  /** Let every idempotency key pass its time. */
  expireKeys?(): Promise<void>;
  /** Open the log once more beside the first, as another node does. It is disposed of by who asked for it. */
  another?(): Promise<Log>;
  dispose(): Promise<void>;
}

/** How the contract comes to logs. */
export interface LogHarness {
  /** A log of its own for each test; two of them share nothing. */
  create(): Promise<LogUnderTest>;
  /** What {@link create} does not offer, each with the reason; the tests that need it are reported by name. */
  readonly lacks?: Readonly<Partial<Record<Capability, string>>>;
  /** What was acknowledged is there after a restart. @defaultValue false: then every cursor is a gap. */
  readonly durable?: boolean;
  /** The longest that a wake-up may take, in milliseconds; only a failing log takes it. @defaultValue 5_000 */
  readonly graceMs?: number;
}

/** Every {@link Capability}. */
export const CAPABILITIES: readonly Capability[] = ["trim", "restart", "lose", "expireKeys", "another"];
