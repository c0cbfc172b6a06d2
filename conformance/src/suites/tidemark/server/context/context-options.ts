import type { Control } from "../../../../engine/drive/control.ts";
import type { Driver } from "../../../../engine/drive/driver.ts";
import type { Checks } from "../../../../engine/run/checks.ts";
import type { LagMonitor } from "../../../../engine/run/lag.ts";
import type { Random } from "../../../../engine/run/random.ts";
import type { Target } from "../target.ts";

/** What the runner gives a test's context. */
export interface ContextOptions {
  readonly target: Target;
  readonly driver: Driver | undefined;
  readonly control?: Control | undefined;
  readonly checks: Checks;
  readonly lag: LagMonitor;
  readonly random: Random;
  readonly signal: AbortSignal;
  /** The name of the n-th channel of this test. */
  readonly channelName: (n: number) => string;
}
