import type { Cursor, Gap, Message, Position } from "@tidemark/protocol";
import type { CursorStore } from "./cursor-store.ts";
import type { TooLargeError } from "./errors.ts";
import type { State } from "./state.ts";
import type { TransportOptions } from "./transport.ts";

/** What to do about a gap: end with a {@link GapError}, or read on from one of the positions that it names. */
export type GapChoice = "throw" | "start" | "end";

/** How to read a channel. */
export interface SubscribeOptions extends TransportOptions {
  /**
   * Where to begin if the store has no cursor, or, after a {@link GapError}, the one that was lost.
   * @defaultValue "start"
   */
  readonly after?: Position;
  /** Keeps the committed cursor from one subscription to the next. @defaultValue none */
  readonly store?: CursorStore;
  /**
   * `auto`: a message is committed when the next one is asked for, so not on `break` or `throw`.
   * `manual`: by {@link Subscription.commit} alone. @defaultValue "auto"
   */
  readonly commit?: "auto" | "manual";
  /** Told of every gap, before any message after it; its answer decides. @defaultValue always "throw" */
  readonly onGap?: (gap: Gap) => GapChoice | Promise<GapChoice>;
  /**
   * The largest message that is taken, by any mechanism: the length of its JSON text in UTF-16 units, which is at most
   * its bytes. A larger one is a {@link TooLargeError}. @defaultValue 67_108_864 (64 MiB)
   */
  readonly maxMessageBytes?: number;
  /** Told of a message above that; `skip` goes on behind it. @defaultValue always "throw" */
  readonly onTooLarge?: (error: TooLargeError) => "throw" | "skip" | Promise<"throw" | "skip">;
  /** Told whenever the state changes, for a user interface. */
  readonly onState?: (state: State) => void;
  /** The most messages in one page. @defaultValue the server's choice */
  readonly limit?: number;
  /** How long the server may hold a long poll, in whole seconds. @defaultValue 25 */
  readonly waitS?: number;
  /** The event names to keep, where the server offers this. @defaultValue all */
  readonly events?: readonly string[];
}

/**
 * The messages of a channel, in order, from the stored cursor on; iterate it once, with `for await`.
 * It connects when the first message is asked for, and reads from the network only while one is asked for. It ends when
 * the channel is closed or the signal aborts, and throws what trying again cannot mend. Delivery is at least once: what
 * was handed on and not committed when a program ends comes again in the next.
 */
export interface Subscription<T = unknown> extends AsyncIterableIterator<Message<T>, undefined, void> {
  /** Where the client reads on after a cut: everything before it was received. */
  readonly cursor: Position;
  /** Everything before it was handled; undefined until the first commit. */
  readonly committed: Cursor | undefined;
  /** The state as {@link SubscribeOptions.onState} tells it. */
  readonly state: State;
  /** Everything up to and including `message` (the one handed on last, by default) is handled; resolves when stored. */
  commit(message?: Message<T>): Promise<void>;
  /** Handle each message in turn, and commit it when the handler has resolved. Resolves when the channel has ended. */
  forEach(handler: (message: Message<T>) => void | Promise<void>): Promise<void>;
  /** Stop: a pending read is aborted at once. Leaving a `for await` calls it. */
  return(): Promise<IteratorReturnResult<undefined>>;
}
