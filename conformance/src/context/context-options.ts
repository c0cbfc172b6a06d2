import type { Control } from "../control/control.ts";
import type { Driver } from "../drive/driver.ts";
import type { LagMonitor } from "../run/lag.ts";
import type { Random } from "../run/random.ts";
import type { Target } from "../run/target.ts";
import type { Checks } from "./checks.ts";

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
