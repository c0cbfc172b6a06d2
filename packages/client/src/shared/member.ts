import { GapError, TooLargeError } from "@tidemark/client-core";
import {
  abortable,
  type Batch,
  type Connection,
  connect,
  type Mechanism,
  onAbort,
  requestPage,
  type Stoppable,
  stoppable,
} from "@tidemark/client-core/kit";
import { Leadership } from "./leadership.ts";
import { type Outcome, relay } from "./relay.ts";
import { type Relayed, RelayQueue } from "./relay-queue.ts";

/** The largest batch that is passed on, in bytes. The other tabs read a larger one by themselves. */
const MAX_RELAYED_BYTES = 1024 * 1024;

/** How long a tab waits before it reads by itself again, in milliseconds; doubles up to the last. */
const FIRST_WAIT_MS = 1_000;
const LAST_WAIT_MS = 16_000;

/** Time limit for the head of a page, in milliseconds. */
const PAGE_MS = 30_000;

/** The most batches without a position that wait for the leading tab's own loop. */
const MAX_OWN = 16;

/** What tabs tell each other. A beat says that the leader lives, and where it is if it is connected. */
type Told =
  | { readonly kind: "ask" }
  | { readonly kind: "beat"; readonly end: string | undefined }
  | { readonly kind: "batch"; readonly relayed: Relayed };

/** A subscription that shares a connection, for the time of one connection of its own loop. */
export class Member {
  readonly #session: Connection["session"];
  readonly #life: Stoppable;
  readonly #mechanism: Mechanism;
  readonly #name: string;
  readonly #channel: BroadcastChannel;
  readonly #queue = new RelayQueue();
  #leadership: Leadership | undefined;
  /** Batches of a leading tab that only its own loop gets. */
  #own: Batch[] = [];
  #outcome: Outcome | undefined;
  /** Where the leading tab is; undefined while it is not connected. */
  #end: string | undefined;
  #isLinked = false;
  #reads = 0;
  #readAt = Number.NEGATIVE_INFINITY;
  #wake = (): void => {};
  /** Locks are not allowed here: the tab has to read by itself. */
  isAlone = false;

  constructor(name: string, connection: Connection, mechanism: Mechanism) {
    this.#name = name;
    this.#session = connection.session;
    this.#mechanism = mechanism;
    this.#life = stoppable(connection.signal);
    this.#channel = new BroadcastChannel(name);
    this.#channel.addEventListener("message", ({ data }) => this.#hear(data));
    onAbort(this.#life.signal, () => this.#channel.close());
  }

  /** Release the lock, and hear no more. Happens by itself when the connection is closed or dropped. */
  leave(): void {
    this.#life.stop();
  }

  /** Read pages at the tab's own position, until there is no more. */
  async *readOwn(): AsyncGenerator<Batch, void, void> {
    const { options } = this.#session;
    const { signal } = this.#life;
    this.#queue.restart();
    for (let more = true; more; ) {
      const own = connect(this.#session);
      try {
        const asked = requestPage(own, {}, options.connectTimeoutMs ?? PAGE_MS);
        const { page } = await abortable(asked, signal);
        more = page.more;
        yield page;
      } finally {
        own.close();
      }
    }
    this.#readAt = performance.now();
  }

  /** Follow the leader, or lead, until the connection is aborted or the leading tab's own connection ends. */
  async *follow(): AsyncGenerator<Batch, undefined, void> {
    this.#leadership = new Leadership(this.#name, this.#life.signal, {
      lead: (over) => this.#lead(over),
      ask: () => this.#post({ kind: "ask" }),
      refused: (error) => {
        this.isAlone = true;
        this.#ended({ error, position: this.#session.position });
      },
    });
    this.#post({ kind: "ask" });
    for (;;) {
      const batch = this.#own.shift() ?? this.#queue.take(this.#session.position) ?? this.#greeting();
      if (batch) yield batch;
      else if (this.#outcome) {
        if (!this.#isElsewhere(this.#outcome)) return this.#finish(this.#outcome);
        this.#outcome = undefined;
        yield* this.readOwn();
        this.#leadership.wait();
      } else if (this.#mustRead()) yield* this.readOwn();
      else await this.#change();
    }
  }

  #finish(outcome: Outcome): undefined {
    if ("error" in outcome) throw outcome.error;
  }

  /** Says once that the tab is where the leader is, so that its state is live though no message comes. */
  #greeting(): Batch | undefined {
    const { position } = this.#session;
    const isLinked = this.#queue.end !== undefined && this.#queue.isCaughtUp(position);
    const isNew = isLinked && !this.#isLinked;
    this.#isLinked = isLinked;
    if (isLinked) this.#reads = 0;
    return isNew ? { messages: [], cursor: position } : undefined;
  }

  /** The failure belongs to another position than this tab's: what happens at its own has to be seen there. */
  #isElsewhere({ error, position }: Outcome): boolean {
    const isPlaced = error instanceof GapError || error instanceof TooLargeError;
    return isPlaced && position !== this.#session.position;
  }

  /** Whether the tab has missed something, and may read it now. */
  #mustRead(): boolean {
    if (this.#queue.isCaughtUp(this.#session.position)) return false;
    if (performance.now() < this.#readAt + this.#waitMs()) return false;
    this.#reads += 1;
    return true;
  }

  /** After a read, the leader may still be behind this tab: it gets some time to reach it. */
  #waitMs(): number {
    return this.#reads === 0 ? 0 : Math.min(LAST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.#reads - 1));
  }

  /** Resolve when something was heard, or when the tab may read by itself. */
  async #change(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const changed = new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (this.#queue.isCaughtUp(this.#session.position)) return;
      timer = setTimeout(resolve, this.#readAt + this.#waitMs() - performance.now() + 1);
    });
    try {
      await abortable(changed, this.#life.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Read for all tabs. */
  async #lead(over: AbortSignal): Promise<void> {
    const from = this.#queue.end ?? this.#session.position;
    this.#beat();
    const outcome = await relay(this.#session, this.#mechanism, from, over, (...told) => this.#pass(...told));
    this.#end = undefined;
    if (!over.aborted) this.#ended(outcome);
  }

  #pass(batch: Batch, from: string, bytes: number): void {
    const { cursor, gap } = batch;
    const isOwn = this.#session.position === from;
    if (gap !== undefined && !isOwn) throw new GapError(gap);
    this.#end = cursor ?? from;
    if (cursor !== undefined && gap === undefined) {
      const relayed: Relayed = { from, batch: { ...batch, cursor }, bytes };
      this.#queue.push(relayed);
      if (bytes <= MAX_RELAYED_BYTES) this.#post({ kind: "batch", relayed });
      else this.#beat();
    } else {
      if (this.#own.push(batch) > MAX_OWN) this.#own.shift();
      this.#beat();
    }
    this.#wake();
  }

  #ended(outcome: Outcome): void {
    this.#outcome = outcome;
    this.#wake();
  }

  #beat(): void {
    this.#post({ kind: "beat", end: this.#end });
  }

  #hear(told: Told): void {
    const leads = this.#leadership?.leads === true;
    if (told.kind === "ask") {
      if (leads) this.#beat();
      return;
    }
    if (leads) return; // from a tab that was frozen, and does not know yet that it leads no longer
    this.#leadership?.heard();
    if (told.kind === "batch") this.#queue.push(told.relayed);
    else this.#queue.end = told.end ?? this.#queue.end;
    this.#wake();
  }

  #post(told: Told): void {
    if (!this.#life.signal.aborted) this.#channel.postMessage(told);
  }
}
