import type { ConnectAdapter } from "./link.ts";

/** Options of a run against a client; only `adapter` is required. */
export interface ClientOptions {
  /** A command that speaks the contract on standard input and output, or a connection to an adapter. */
  readonly adapter: string | ConnectAdapter;
  /**
   * The client runs in a browser. Each channel gets its own host name, because a browser opens only six connections to
   * one host, and the answers allow pages of other origins to read them.
   */
  readonly inBrowser?: boolean;
  /** Globs over test ids: run only these. */
  readonly run?: readonly string[];
  /** Globs over test ids: skip these. */
  readonly skip?: readonly string[];
  /** Globs over requirement ids: run only the tests that decide one of them. */
  readonly requirements?: readonly string[];
  /** A SHOULD that is not met counts as a violation. */
  readonly strict?: boolean;
  /** A MUST that was not verified makes the exit code 4. */
  readonly requireComplete?: boolean;
  /** Most tests that run at the same time. @defaultValue 16 */
  readonly jobs?: number;
  /** Seed of all random choices. @defaultValue a random one, which is reported */
  readonly seed?: number;
  /** Milliseconds after which no further test starts and running tests are stopped. */
  readonly budgetMs?: number;
  /** How long to wait for something that is due, in milliseconds: a bound on liveness. @defaultValue 10_000 */
  readonly patienceMs?: number;
  /** Called after the adapter has ended, with the end of its standard error, unless it wrote nothing there. */
  readonly onLastWords?: (words: string) => void;
  /** Stops the run: running tests are stopped, and the results so far are reported. */
  readonly signal?: AbortSignal;
}
