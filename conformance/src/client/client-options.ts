import type { ConnectAdapter } from "./link.ts";

/** What a run against a client can be told; only the adapter has to be. */
export interface ClientOptions {
  /** A command that speaks the contract on standard input and output, or a connection to an adapter. */
  readonly adapter: string | ConnectAdapter;
  /**
   * The client lives in a browser: channels have a host name each, since a browser opens six connections to one host,
   * and answers let pages of other origins read them.
   */
  readonly inBrowser?: boolean;
  /** Globs over test ids: only those, and not those. */
  readonly run?: readonly string[];
  readonly skip?: readonly string[];
  /** Globs over requirement ids: only tests that show one of them. */
  readonly requirements?: readonly string[];
  /** A SHOULD that is not met counts as a violation. */
  readonly strict?: boolean;
  /** A MUST that was not verified makes the exit code 4. */
  readonly requireComplete?: boolean;
  /** Tests under way at once. @defaultValue 16 */
  readonly jobs?: number;
  /** Determines everything that is random. @defaultValue drawn, and reported */
  readonly seed?: number;
  /** Milliseconds after which no test begins and those under way are stopped. */
  readonly budgetMs?: number;
  /** How long what is due may take, in milliseconds: a bound on liveness. @defaultValue 10_000 */
  readonly patienceMs?: number;
  /** Called when the adapter has ended, with the end of what it wrote to its standard error, if it wrote anything. */
  readonly onLastWords?: (words: string) => void;
  /** Ends the run: tests under way are stopped, what was found is reported. */
  readonly signal?: AbortSignal;
}
