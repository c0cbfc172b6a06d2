import type { Mechanism } from "../../suites/tidemark/claims.ts";
import type { Grade } from "../../suites/tidemark/server/target.ts";
import type { Baseline } from "../baseline/baseline.ts";
import type { Control } from "../drive/control.ts";
import type { Driver } from "../drive/driver.ts";
import type { ExtraHeader } from "../wire/secrets.ts";

/** Options of a run; only the URL is required. */
export interface ServerOptions {
  /** The channels' URL with `{channel}`, the base URL of the channels, or the URL of one channel. */
  readonly url: string;
  /** Added to every request; see `parseExtraHeader`. */
  readonly headers?: readonly ExtraHeader[];
  /** How to publish to a channel. Default: the protocol's `POST`, if the target claims it. */
  readonly driver?: Driver;
  /** How to provoke faults. Default: faults are not provoked. */
  readonly control?: Control;
  /** The most that the suite may do to the target. Default: everything that it offers. */
  readonly grade?: Grade;
  /** Which mechanisms to test, overriding what the target claims. */
  readonly mechanisms?: MechanismChoice;
  /** How long tests may wait; see {@link Limits}. */
  readonly limits?: Partial<Limits>;
  /** Globs over test ids: run only these, and skip these. */
  readonly run?: readonly string[];
  readonly skip?: readonly string[];
  /** Globs over requirement ids: run only tests that check one of them. */
  readonly requirements?: readonly string[];
  /** Count an unmet SHOULD as a violation. */
  readonly strict?: boolean;
  /** Exit with code 4 unless every MUST was verified. */
  readonly requireComplete?: boolean;
  /** How many tests run at once. @defaultValue 24 */
  readonly jobs?: number;
  /** The seed of all random choices. @defaultValue random, and reported */
  readonly seed?: number;
  /** Milliseconds after which no test starts and running tests are stopped. */
  readonly budgetMs?: number;
  /** Name of a test's channel; `{run}` and `{test}` are replaced. @defaultValue "conformance-{run}-{test}" */
  readonly channels?: string;
  /** The name of the implementation under test, for reports. */
  readonly identity?: { readonly name: string; readonly version?: string };
  /** Known failures: they do not count as violations, but the run fails when one of them passes. */
  readonly baseline?: Baseline;
  /**
   * Called before discovery, for instance to start the target. It resolves to a function that is called at
   * the end, and may throw `NoVerdict`.
   */
  readonly prepare?: (signal: AbortSignal) => Promise<() => Promise<void>>;
  /** The arguments that repeat this run; they are part of reports. */
  readonly invocation?: readonly string[];
  /** Accept any certificate. */
  readonly insecure?: boolean;
  /** Ends the run: running tests are stopped, and the results so far are reported. */
  readonly signal?: AbortSignal;
}

/** The mechanisms that are offered: all of them, or true or false for some of them. */
export type MechanismChoice = readonly Mechanism[] | Readonly<Partial<Record<Mechanism, boolean>>>;

/** Bounds on how long tests wait; a test that would take longer is inconclusive. */
export interface Limits {
  /** The longest `wait` that a test requests, in seconds. @defaultValue 8 */
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

/** Most tests only wait, so this many at once load neither side. */
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
