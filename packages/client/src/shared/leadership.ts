import { onAbort } from "@tidemark/client-core/kit";

/** How often a tab looks whether its leader answers, in milliseconds. */
const LOOK_MS = 1_000;

/** A leader that leaves this many questions unanswered is frozen. */
const MAX_UNANSWERED = 2;

/** What a tab does about its leader. */
interface Hooks {
  /** Lead, until the promise resolves or `signal` aborts. */
  lead(signal: AbortSignal): Promise<void>;
  /** Ask the leader for a sign of life. */
  ask(): void;
  /** The platform does not allow locks here. */
  refused(error: unknown): void;
}

/**
 * One of the tabs that share a name leads: the one that holds the lock of this name. The browser passes the
 * lock on when a tab is closed or crashes. A frozen tab keeps it; a tab whose own timers run takes it away.
 */
export class Leadership {
  readonly #name: string;
  readonly #signal: AbortSignal;
  readonly #hooks: Hooks;
  #waiting = new AbortController();
  #ending: (() => void) | undefined;
  #heardAt = performance.now();
  #lookedAt = performance.now();
  #unanswered = 0;

  /** Take part until `signal` aborts: then the lock is released. */
  constructor(name: string, signal: AbortSignal, hooks: Hooks) {
    this.#name = name;
    this.#signal = signal;
    this.#hooks = hooks;
    const ticks = setInterval(() => this.#look(), LOOK_MS);
    onAbort(signal, () => {
      clearInterval(ticks);
      this.#waiting.abort();
      this.#ending?.();
    });
    this.wait();
  }

  get leads(): boolean {
    return this.#ending !== undefined;
  }

  /** The leader has shown that it lives. */
  heard(): void {
    this.#heardAt = performance.now();
    this.#unanswered = 0;
  }

  /** Wait for the lock. A tab whose lead ended by itself waits only if this is called again. */
  wait(): void {
    this.#waiting = new AbortController();
    if (!this.#signal.aborted) void this.#request({ signal: this.#waiting.signal });
  }

  #steal(): void {
    this.#waiting.abort();
    this.heard(); // the new leader gets as much time as any
    void this.#request({ steal: true });
  }

  async #request(options: LockOptions): Promise<void> {
    try {
      if (await navigator.locks.request(this.#name, options, () => this.#hold())) return;
    } catch (error) {
      const isTaken = error instanceof DOMException && error.name === "AbortError";
      if (!isTaken) return this.#hooks.refused(error);
      if (options.signal?.aborted) return; // this tab has left, or takes the lock away
    }
    this.#ending?.();
    this.wait();
  }

  /** Hold the lock while this tab leads; resolves to true if its lead ended by itself. */
  async #hold(): Promise<boolean> {
    if (this.#signal.aborted) return true;
    const over = new AbortController();
    const left = new Promise<boolean>((resolve) => {
      this.#ending = () => {
        this.#ending = undefined;
        over.abort();
        resolve(false);
      };
    });
    const isOver = await Promise.race([this.#hooks.lead(over.signal).then(() => true), left]);
    this.#ending?.();
    return isOver;
  }

  #look(): void {
    const now = performance.now();
    const isLate = now - this.#lookedAt > 2 * LOOK_MS;
    this.#lookedAt = now;
    // A tab with slow timers cannot judge: its leader may have answered, and the tab has not read it yet.
    if (isLate) this.#unanswered = 0;
    if (this.leads || now - this.#heardAt < LOOK_MS) return;
    if (this.#unanswered++ < MAX_UNANSWERED) this.#hooks.ask();
    else this.#steal();
  }
}
