import { performance } from "node:perf_hooks";
import type { Span } from "../model/claim.ts";

/** How often the lag of the event loop is measured. */
const SAMPLE_MS = 20;

/** With this lag or more, an upper bound on time decides nothing. */
const LAG_THRESHOLD_MS = 250;

/** The same if this process was late for this share of the time: small delays of several hops add up. */
const LATE_SHARE = 1 / 4;

/** Measures how much this process lags: if a timer fires late, everything else happened late too. */
export class LagMonitor {
  readonly #samples: { readonly at: number; readonly lagMs: number }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #expected = 0;

  /** Start to measure; the timer does not keep the process alive. */
  start(): void {
    this.#expected = performance.now() + SAMPLE_MS;
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** The longest lag since a `performance.now()` time, in milliseconds. */
  since(moment: number): number {
    const running = performance.now() - this.#expected; // a stall that has not been sampled yet
    const known = this.#samples.filter(({ at }) => at >= moment).map(({ lagMs }) => lagMs);
    return Math.max(0, running, ...known);
  }

  /** How long this process was late between two `performance.now()` times, in milliseconds. */
  within({ from, to }: Span): number {
    const now = performance.now();
    const running = { at: now, lagMs: Math.max(0, now - this.#expected) }; // a stall that has not been sampled yet
    return [...this.#samples, running].reduce(
      (sum, { at, lagMs }) => sum + Math.max(0, Math.min(at, to) - Math.max(at - lagMs, from)),
      0,
    );
  }

  /** Whether this process has lagged too much since a `performance.now()` time for upper bounds to decide. */
  isLate(moment: number): boolean {
    if (this.since(moment) >= LAG_THRESHOLD_MS) return true;
    const known = this.#samples.filter(({ at }) => at >= moment).map(({ lagMs }) => lagMs);
    return known.reduce((sum, lagMs) => sum + lagMs, 0) >= LATE_SHARE * (performance.now() - moment);
  }

  #sample(): void {
    const now = performance.now();
    const lagMs = now - this.#expected;
    if (lagMs >= SAMPLE_MS) this.#samples.push({ at: now, lagMs });
    this.#expected = now + SAMPLE_MS;
  }
}
