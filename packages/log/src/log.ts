import type { Cursor, Position, RawDraft, RawPage } from "@tidemark/protocol";
import type { LogHealth, Unlisten } from "./log-health.ts";

/**
 * An append-only, totally ordered sequence of messages per channel.
 *
 * Appends, reads and removals of one channel are linearizable. A channel that was never written is an empty,
 * open one: reading or watching it creates nothing. Every method rejects with `unavailable` when the engine
 * cannot be reached, or once the log is disposed of.
 */
export interface Log {
  /**
   * Check `key`, closed and `after`, in this order, and store all drafts or none, as ONE atomic step of the engine.
   *
   * Resolves when the messages are as durable as this log documents; every later read sees them. Without
   * drafts and without `close` it changes nothing and returns the present end.
   *
   * @throws ProtocolError `key-reused`, `in-progress`, `closed` and `not-at-end` (both with the present
   * `end`), `storage-full`; each only if nothing was stored. Also `unavailable`, if the engine could not be
   * reached or its answer was lost. After `unavailable` the messages may have been stored, so only a `key`
   * makes a retry safe.
   */
  append(channel: string, drafts: readonly RawDraft[], options?: AppendOptions): Promise<Appended>;

  /**
   * The messages after `from`, oldest first; never waits; sees every append that resolved before the call.
   *
   * A page holds at least one message if there is one, of any size. It may hold fewer than requested; `more`
   * says whether others follow. The position just before the oldest retained message and the end are always
   * valid.
   *
   * @throws ProtocolError `gap` (`reason`, `requested`, `start`, `end`) if reading cannot continue from the
   * cursor without loss: it was dropped by retention, is of another epoch, channel or log, is ahead of the
   * end, or is unknown.
   */
  read(channel: string, from: Position, options: ReadOptions): Promise<RawPage>;

  /**
   * Identifies the state of a channel, if the log knows it synchronously. While the revision is the same,
   * every read returns the same. Each append, close and removal changes it, and so does each message that
   * retention drops. `undefined` if the log does not know it, for example when it is disposed of. A log that
   * never knows it omits the method.
   */
  revision?(channel: string): string | undefined;

  /**
   * Call `wake` at least once after each change (append, close, remove) has become readable, and after each
   * loss of the connection that reports changes.
   *
   * Resolves once the watch is established: no later change is missed. A wake-up carries no data, several
   * changes may share one, and spurious ones are allowed. `wake` must not throw.
   */
  watch(channel: string, wake: () => void): Promise<Unwatch>;

  /**
   * Remove the channel and wake its watchers. From then on all its cursors are gaps, including the empty
   * channel's. Returns whether there was anything to remove.
   */
  remove(channel: string): Promise<boolean>;

  /**
   * Whether the engine is usable, as far as the log knows. It makes no request, so it is cheap and never
   * waits. A server's readiness check calls it. A log whose engine is always there omits this method.
   */
  health?(): LogHealth;

  /**
   * Call `listener` each time the engine goes away or comes back, even if nobody is reading, and when
   * messages were lost with the engine's store and the log created a new one. Each call has one line for
   * people in `detail`. `listener` must not throw. A log has this method if it has `health`.
   *
   * @example log.onHealth?.(({ detail }) => console.error(detail));
   */
  onHealth?(listener: (health: LogHealth) => void): Unlisten;

  /** Release what the log holds: watches end, and later calls reject with `unavailable`. Idempotent. */
  dispose(): Promise<void>;
}

/** What an append asks for beyond storing its drafts. */
export interface AppendOptions {
  /**
   * Makes the append idempotent: a repeated `id` with the same `digest` returns the answer of the first
   * append. `id` combines the principal and its key; it is scoped to the channel and epoch. Only successful
   * appends are remembered, for as long as the log documents.
   */
  readonly key?: { readonly id: string; readonly digest: string };
  /**
   * Append only if this is the present end, exactly as the log wrote it; the words `start` and `end` never
   * are.
   */
  readonly after?: Position;
  /** Close the channel after the drafts. Closing a closed channel without drafts succeeds. */
  readonly close?: boolean;
}

/** What an append stored. */
export interface Appended {
  /** One cursor for each draft, in order. */
  readonly cursors: readonly Cursor[];
  /** The end of the channel as this append left it. */
  readonly cursor: Cursor;
  readonly closed: boolean;
  /** This is the answer of an earlier append with the same key; this append stored nothing. */
  readonly replayed: boolean;
}

/** How much a page may hold; the first message counts against neither bound. */
export interface ReadOptions {
  /** At least 1. */
  readonly maxMessages: number;
  /** Bytes of the messages' data as UTF-8, and of their event names. @defaultValue unbounded */
  readonly maxBytes?: number;
}

/** Ends a watch: after the call, `wake` is not called again. Idempotent. */
export type Unwatch = () => Promise<void>;
