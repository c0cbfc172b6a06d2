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
   * Resolves when the messages are as durable as this log documents; every later read sees them. Without drafts
   * and without `close` it changes nothing and answers the present end.
   *
   * @throws ProtocolError `key-reused`, `in-progress`, `closed` and `not-at-end` (both with the present `end`),
   * `storage-full`; each only if nothing was stored. `unavailable` too, where the engine could not be asked or its
   * answer was lost: a log over a network cannot tell, so only a `key` makes it safe to append again.
   */
  append(channel: string, drafts: readonly RawDraft[], options?: AppendOptions): Promise<Appended>;

  /**
   * The messages after `from`, oldest first; never waits; sees every append that resolved before the call.
   *
   * A page holds at least one message when there is one, however big. It may hold fewer than asked for: `more`
   * tells. The position just before the oldest retained message is good, and so is the end, always.
   *
   * @throws ProtocolError `gap` (`reason`, `requested`, `start`, `end`) for a cursor that cannot be gone on from
   * without loss: dropped by retention, of another epoch, channel or log, ahead of the end, or not one of ours.
   */
  read(channel: string, from: Position, options: ReadOptions): Promise<RawPage>;

  /**
   * What tells one state of a channel from every other, where the log knows it in this very turn: as long as it is the
   * same, every read answers the same. Each append, close and removal makes it another, and each message that retention
   * drops. Undefined where it cannot be told, as by a disposed log; a log that never can leaves the method out.
   */
  revision?(channel: string): string | undefined;

  /**
   * Have `wake` run at least once after each change (append, close, remove) became readable, and after each loss
   * of the link that tells of changes.
   *
   * Resolves once established: no change from then on goes unnoticed. A wake-up carries nothing, several changes
   * may share one, and spurious ones are allowed. `wake` must not throw.
   */
  watch(channel: string, wake: () => void): Promise<Unwatch>;

  /**
   * Forget the channel and wake its watchers; its cursors are a gap from then on, the one of the empty channel
   * included. Answers whether there was anything to forget.
   */
  remove(channel: string): Promise<boolean>;

  /**
   * Whether the engine can be used, as the log knows it in this very turn: it asks nobody, so it is cheap and never
   * waits. A server's readiness check reads it. A log that is never without its engine leaves this method out.
   */
  health?(): LogHealth;

  /**
   * Call `listener` each time that the engine goes away or comes back, also while nobody reads, and when messages were
   * lost with the engine's store and the log created the store again. Each call has one line for people in `detail`.
   * `listener` must not throw. A log has this method if it has `health`.
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
   * Makes the append happen once, however often it is sent: the same `id` with the same `digest` answers what the
   * first one answered. `id` joins the principal and its key; it counts per channel and epoch. Only success is
   * remembered, for as long as the log documents.
   */
  readonly key?: { readonly id: string; readonly digest: string };
  /** Append only if this is the present end, spelled as the log spells it: neither `start` nor `end` ever is. */
  readonly after?: Position;
  /** Close the channel after the drafts. Closing a closed channel without drafts is no error. */
  readonly close?: boolean;
}

/** What an append stored. */
export interface Appended {
  /** One for each draft, in their order. */
  readonly cursors: readonly Cursor[];
  /** The end of the channel as this append left it. */
  readonly cursor: Cursor;
  readonly closed: boolean;
  /** The answer of an earlier append with the same key; nothing was stored by this one. */
  readonly replayed: boolean;
}

/** How much a page may hold; the first message counts against neither bound. */
export interface ReadOptions {
  /** At least 1. */
  readonly maxMessages: number;
  /** Bytes of the messages' data as UTF-8, and of their event names. @defaultValue unbounded */
  readonly maxBytes?: number;
}

/** End a watch: once called, `wake` does not run any more. Idempotent. */
export type Unwatch = () => Promise<void>;
