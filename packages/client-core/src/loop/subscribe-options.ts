import type { Cursor, Gap, Message, Position } from "@tidemark/protocol";
import type { TooLargeError } from "../errors/errors.ts";
import type { TransportOptions } from "../network/transport.ts";
import type { CursorStore } from "../stores/cursor-store.ts";
import type { State } from "./state.ts";

/** What to do about a gap: throw a {@link GapError}, or continue from one of the gap's positions. */
export type GapChoice = "throw" | "start" | "end";

/** How to read a channel. */
export interface SubscribeOptions extends TransportOptions {
  /**
   * Where to start if the store has no cursor, or still has the one that a {@link GapError} reported as lost.
   * @defaultValue "start"
   */
  readonly after?: Position;
  /** Saves the committed cursor for the next subscription. @defaultValue none */
  readonly store?: CursorStore;
  /**
   * `auto`: asking for the next message commits the one before; `break` and `throw` do not commit.
   * `manual`: only {@link Subscription.commit} commits. @defaultValue "auto"
   */
  readonly commit?: "auto" | "manual";
  /** Called for every gap, before any message after it; returns what to do. @defaultValue always "throw" */
  readonly onGap?: (gap: Gap) => GapChoice | Promise<GapChoice>;
  /**
   * The largest accepted message, with any mechanism: the length of its JSON text in UTF-16 units, which is
   * at most its length in bytes. A larger message causes a {@link TooLargeError}.
   * @defaultValue 67_108_864 (64 MiB)
   */
  readonly maxMessageBytes?: number;
  /** Called for a message above `maxMessageBytes`; `skip` continues after it. @defaultValue always "throw" */
  readonly onTooLarge?: (error: TooLargeError) => "throw" | "skip" | Promise<"throw" | "skip">;
  /** Called on every state change, for example to show it in a user interface. */
  readonly onState?: (state: State) => void;
  /** The most messages in one page. @defaultValue the server's choice */
  readonly limit?: number;
  /** How long the server may hold a long poll, in whole seconds. @defaultValue 25 */
  readonly waitS?: number;
  /** Keep only messages with these event names, if the server offers the filter. @defaultValue all */
  readonly events?: readonly string[];
}

/**
 * The messages of a channel, in order, starting after the stored cursor; iterate it once, with `for await`.
 * It connects when you ask for the first message, and reads from the network only while you ask for one. It
 * ends when the channel is closed or the signal aborts, and throws errors that a retry cannot fix. Delivery
 * is at least once: a message that was delivered but not committed before the program ended is delivered
 * again to the next one.
 */
export interface Subscription<T = unknown> extends AsyncIterableIterator<Message<T>, undefined, void> {
  /** The received position, where the client resumes after a cut: everything before it was received. */
  readonly cursor: Position;
  /** The committed cursor: everything up to it is handled; undefined until the first commit. */
  readonly committed: Cursor | undefined;
  /** The current state, as passed to {@link SubscribeOptions.onState}. */
  readonly state: State;
  /** Commit everything up to `message` (by default the last delivered one); resolves when it is stored. */
  commit(message?: Message<T>): Promise<void>;
  /** Handle each message in turn, and commit it when the handler resolves. Resolves at the channel's end. */
  forEach(handler: (message: Message<T>) => void | Promise<void>): Promise<void>;
  /** Stop: a pending read is aborted at once. Leaving a `for await` calls it. */
  return(): Promise<IteratorReturnResult<undefined>>;
}
