import type { Baseline } from "../baseline/baseline.ts";
import type { Control } from "../control/control.ts";
import type { Driver } from "../drive/driver.ts";
import type { Mechanism } from "../wire/claims.ts";
import type { ExtraHeader } from "../wire/secrets.ts";
import type { Grade } from "./target.ts";

/** What a run can be told; only the URL has to be. */
export interface ServerOptions {
  /** The channels' URL with `{channel}`, a URL under which channels are found, or the URL of one channel. */
  readonly url: string;
  /** Added to every request; see `parseExtraHeader`. */
  readonly headers?: readonly ExtraHeader[];
  /** How messages get into a channel. Default: the protocol's `POST`, where the target claims it. */
  readonly driver?: Driver;
  /** How faults are provoked. Default: they are not. */
  readonly control?: Control;
  /** The most that is done to the target. Default: all that it offers. */
  readonly grade?: Grade;
  /** Mechanisms that the target is taken to offer, or not to; what is not named here is what it claims. */
  readonly mechanisms?: MechanismChoice;
  /** The longest that tests wait; see {@link Limits}. */
  readonly limits?: Partial<Limits>;
  /** Globs over test ids: only those, and not those. */
  readonly run?: readonly string[];
  readonly skip?: readonly string[];
  /** Globs over requirement ids: only tests that show one of them. */
  readonly requirements?: readonly string[];
  /** A SHOULD that is not met counts as a violation. */
  readonly strict?: boolean;
  /** A MUST that was not verified makes the exit code 4. */
  readonly requireComplete?: boolean;
  /** Tests under way at once. @defaultValue 24 */
  readonly jobs?: number;
  /** Determines everything that is random. @defaultValue drawn, and reported */
  readonly seed?: number;
  /** Milliseconds after which no test begins and those under way are stopped. */
  readonly budgetMs?: number;
  /** Name of a test's channel; `{run}` and `{test}` are replaced. @defaultValue "conformance-{run}-{test}" */
  readonly channels?: string;
  /** Who is tested, as reports name it. */
  readonly identity?: { readonly name: string; readonly version?: string };
  /** Failures that are known: they do not count as violations, but have to go on failing. */
  readonly baseline?: Baseline;
  /**
   * Run before the target is looked for, and resolves to what is run at the end: starts the target, for instance.
   * It may throw `NoVerdict`.
   */
  readonly prepare?: (signal: AbortSignal) => Promise<() => Promise<void>>;
  /** The command line that runs this again, without the program; reports hold it. */
  readonly invocation?: readonly string[];
  /** Accept any certificate. */
  readonly insecure?: boolean;
  /** Ends the run: tests under way are stopped, what was found is reported. */
  readonly signal?: AbortSignal;
}

/** All mechanisms that are offered, or for some of them whether they are. */
export type MechanismChoice = readonly Mechanism[] | Readonly<Partial<Record<Mechanism, boolean>>>;

/** Bounds on how long tests wait; what would take longer is inconclusive. */
export interface Limits {
  /** The longest `wait` that a test asks for, in seconds. @defaultValue 8 */
  readonly waitS: number;
  /** The longest heartbeat that a test waits for, in seconds. @defaultValue 60 */
  readonly heartbeatS: number;
}

/** Options with every default filled in. */
export interface Settings extends ServerOptions {
  readonly limits: Limits;
  readonly headers: readonly ExtraHeader[];
  readonly strict: boolean;
  readonly requireComplete: boolean;
  readonly jobs: number;
  readonly seed: number;
  readonly channels: string;
  readonly insecure: boolean;
}

/** Many tests only wait; so many of them at once load neither side. */
const DEFAULT_JOBS = 24;

/** Fill in the defaults. */
export function settle(options: ServerOptions): Settings {
  return {
    ...options,
    headers: options.headers ?? [],
    strict: options.strict ?? false,
    requireComplete: options.requireComplete ?? false,
    jobs: options.jobs ?? DEFAULT_JOBS,
    seed: options.seed ?? Math.floor(Math.random() * 2 ** 32),
    channels: options.channels ?? "conformance-{run}-{test}",
    insecure: options.insecure ?? false,
    limits: { waitS: options.limits?.waitS ?? 8, heartbeatS: options.limits?.heartbeatS ?? 60 },
  };
}
