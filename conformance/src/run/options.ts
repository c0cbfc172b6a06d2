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
  /** The most that is done to the target. Default: all that it offers. */
  readonly grade?: Grade;
  /** Mechanisms that the target is taken to offer, whatever it claims. */
  readonly mechanisms?: readonly Mechanism[];
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
  /** Accept any certificate. */
  readonly insecure?: boolean;
  /** Ends the run: tests under way are stopped, what was found is reported. */
  readonly signal?: AbortSignal;
}

/** Options with every default filled in. */
export interface Settings extends ServerOptions {
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
  };
}
