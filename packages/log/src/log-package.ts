import type { Log } from "./log.ts";
import type { RetentionOptions } from "./retention.ts";

/**
 * What a package of a log exports, so that `tidemark serve --log <name>` can use it. For a name `foo:rest` or
 * `foo+variant:rest` the command loads `@tidemark/log-foo` or `tidemark-log-foo`; for `package:rest` and
 * `./module.mjs:rest` the package or module itself.
 */
export interface LogPackage {
  /**
   * Open the log of this name. `name` is the whole name, as in `foo:rest`, if the package was found by its
   * scheme, and only `rest` if the package was named itself.
   *
   * @throws RangeError for an invalid name, and for an option that the log cannot honour. An option that is
   * undefined selects the log's own default.
   */
  openLog(name: string, options: OpenLogOptions): Promise<Log>;
  /** What the command has to know before the log is open. @defaultValue a lasting log of one process */
  describeLog?(name: string): LogDescription;
  /**
   * Read a whole log that no process has open, and report damage. Without it, `tidemark check` says that the
   * log cannot be checked.
   *
   * @throws Error if there is no log, a process has it open, or the repaired log cannot be written
   */
  checkLog?(name: string, options?: CheckOptions): Promise<CheckReport>;
}

/** The options that every log understands; see {@link LogPackage.openLog}. */
export interface OpenLogOptions {
  readonly retention?: RetentionOptions;
  /** How long an idempotency key is remembered, in milliseconds. */
  readonly keyTtlMs?: number;
  /** The most channels that the log keeps. */
  readonly maxChannels?: number;
  /** The most bytes that the log keeps in all channels. */
  readonly maxBytes?: number;
  /** If false, a missing log is an error, where the log can tell a missing one from an empty one. @defaultValue true */
  readonly create?: boolean;
}

/** What a name of a log says, without opening it. */
export interface LogDescription {
  /** Whether several processes can open the log at the same time. @defaultValue false */
  readonly isShared?: boolean;
  /** Whether messages outlive the process that opened the log. @defaultValue true */
  readonly isLasting?: boolean;
  /** One line for the operator: where messages are kept, and which failures they survive. No password. */
  readonly keeps?: string;
}

/** Options of {@link LogPackage.checkLog}. */
export interface CheckOptions {
  /** If something is damaged, copy all intact records to a new file. @defaultValue false */
  readonly repair?: boolean;
  /** Receives the number of pages read so far, and the total, from time to time. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** The result of {@link LogPackage.checkLog}. */
export interface CheckReport {
  readonly file: string;
  readonly bytes: number;
  readonly channels: number;
  /** The number of intact, reachable messages. */
  readonly messages: number;
  /** Empty if the file is intact. */
  readonly damage: readonly Damage[];
  /** Channels with missing messages, and how many each. */
  readonly missing: readonly { readonly channel: string; readonly messages: number }[];
  /** Present if something was damaged and `repair` was set. */
  readonly repaired?: Repair;
}

/** A damaged page of a log's file. */
export interface Damage {
  /** The page number, from 0. */
  readonly page: number;
  /** The table that the page belongs to, as far as known. */
  readonly table: string;
  readonly fault: string;
}

/** What a repair kept. */
export interface Repair {
  readonly channels: number;
  readonly messages: number;
  /** Channels that lost messages and have a new epoch. */
  readonly begunAnew: readonly string[];
  /** Where the damaged file is now. */
  readonly damagedFile: string;
}

/** A URL without its user and password, which must not be printed. */
export function withoutUser(url: string): string {
  return url.replace(/\/\/[^/]*@/, "//");
}
