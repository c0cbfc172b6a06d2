import { readFileSync } from "node:fs";
import { uptime } from "node:os";

/** What a {@link LogClock} goes by. */
export interface TimeSources {
  /** Never goes back, never jumps, in milliseconds. */
  readonly monotonicMs: () => number;
  /** Milliseconds since the start of the system. */
  readonly uptimeMs: () => number;
  /** Identifies this start of the system; empty if that is not known. */
  readonly boot: () => string;
  /** Milliseconds since 1970, as somebody has set it. */
  readonly wallMs: () => number;
}

/** The time of a log at a moment, by all sources. */
type Anchor = [boot: string, uptimeMs: number, logMs: number, wallMs: number];

/** How often the anchor is written, beside other things. */
const ANCHOR_MS = 60_000;

const SYSTEM: TimeSources = {
  monotonicMs: () => performance.now(),
  uptimeMs: () => uptime() * 1_000,
  boot: () =>
    process.platform === "linux" ? readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim() : "",
  wallMs: () => Date.now(),
};

/**
 * The time by which messages and keys of a log grow old: no jump of the wall clock moves it.
 *
 * It is the wall clock's when the log is made. While a process has the log open, the monotonic clock carries it on;
 * across openings the time since the start of the system; across starts of the system the wall clock, if that did not
 * go back.
 */
export class LogClock {
  readonly #sources: TimeSources;
  readonly #boot: string;
  readonly #aheadMs: number;
  #writtenMs: number;

  /** `anchor` is what {@link anchor} told the last time. */
  constructor(anchor: string | undefined, sources: TimeSources = SYSTEM) {
    this.#sources = sources;
    this.#boot = sources.boot();
    const { logMs, isOfThisBoot } = continued(anchor, this.#boot, sources);
    this.#aheadMs = logMs - sources.monotonicMs();
    this.#writtenMs = isOfThisBoot ? sources.monotonicMs() : Number.NEGATIVE_INFINITY;
  }

  /** Milliseconds since 1970, if the wall clock was right when the log was made. */
  now(): number {
    return Math.floor(this.#sources.monotonicMs() + this.#aheadMs);
  }

  /** What has to be kept now for the next opening; `undefined` if what was kept last will do. */
  anchor(): string | undefined {
    const { monotonicMs, uptimeMs, wallMs } = this.#sources;
    if (monotonicMs() - this.#writtenMs < ANCHOR_MS) return undefined;
    const anchor: Anchor = [this.#boot, uptimeMs(), this.now(), wallMs()];
    return JSON.stringify(anchor);
  }

  /** The anchor was kept. */
  written(): void {
    this.#writtenMs = this.#sources.monotonicMs();
  }
}

function continued(
  text: string | undefined,
  boot: string,
  { uptimeMs, wallMs }: TimeSources,
): { readonly logMs: number; readonly isOfThisBoot: boolean } {
  if (text === undefined) return { logMs: wallMs(), isOfThisBoot: false };
  const [lastBoot, lastUptimeMs, logMs, lastWallMs]: Anchor = JSON.parse(text);
  const isOfThisBoot = boot !== "" && boot === lastBoot;
  const passedMs = isOfThisBoot ? uptimeMs() - lastUptimeMs : wallMs() - lastWallMs;
  return { logMs: logMs + Math.max(0, passedMs), isOfThisBoot };
}
