import { readFileSync } from "node:fs";
import { uptime } from "node:os";

/** The clocks that a {@link LogClock} uses. */
export interface TimeSources {
  /** A monotonic clock, in milliseconds. */
  readonly monotonicMs: () => number;
  /** Milliseconds since the system booted. */
  readonly uptimeMs: () => number;
  /** The id of this boot of the system; empty if unknown. */
  readonly boot: () => string;
  /** The wall clock: milliseconds since 1970, possibly wrong. */
  readonly wallMs: () => number;
}

/** The time of a log and of the other clocks at one moment. */
type Anchor = [boot: string, uptimeMs: number, logMs: number, wallMs: number];

/** The shortest time between two writes of the anchor. */
const ANCHOR_MS = 60_000;

const SYSTEM: TimeSources = {
  monotonicMs: () => performance.now(),
  uptimeMs: () => uptime() * 1_000,
  boot: () =>
    process.platform === "linux" ? readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim() : "",
  wallMs: () => Date.now(),
};

/**
 * A log's time, which determines the age of messages and keys. A jump of the wall clock does not affect it.
 *
 * It starts at the wall clock's time when the log is created. While a process has the log open, it advances
 * by the monotonic clock; between openings by the system's uptime; between boots by the wall clock, unless
 * that went backwards.
 */
export class LogClock {
  readonly #sources: TimeSources;
  readonly #boot: string;
  readonly #aheadMs: number;
  #writtenMs: number;

  /** `anchor` is the last written result of {@link anchor}. */
  constructor(anchor: string | undefined, sources: TimeSources = SYSTEM) {
    this.#sources = sources;
    this.#boot = sources.boot();
    const { logMs, isOfThisBoot } = continued(anchor, this.#boot, sources);
    this.#aheadMs = logMs - sources.monotonicMs();
    this.#writtenMs = isOfThisBoot ? sources.monotonicMs() : Number.NEGATIVE_INFINITY;
  }

  /** Milliseconds since 1970, if the wall clock was right when the log was created. */
  now(): number {
    return Math.floor(this.#sources.monotonicMs() + this.#aheadMs);
  }

  /** The anchor to write now for the next opening; `undefined` if the last written one is recent enough. */
  anchor(): string | undefined {
    const { monotonicMs, uptimeMs, wallMs } = this.#sources;
    if (monotonicMs() - this.#writtenMs < ANCHOR_MS) return undefined;
    const anchor: Anchor = [this.#boot, uptimeMs(), this.now(), wallMs()];
    return JSON.stringify(anchor);
  }

  /** The anchor was written. */
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
