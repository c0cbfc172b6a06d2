import type { RunOptions } from "../../../engine/run/options.ts";
import type { ConnectAdapter } from "./link.ts";

/** Options of a run against a client; only `adapter` is required. */
export interface ClientOptions extends RunOptions {
  /** A command that speaks the contract on standard input and output, or a connection to an adapter. */
  readonly adapter: string | ConnectAdapter;
  /**
   * The client runs in a browser. Each channel gets its own host name, because a browser opens only six connections to
   * one host, and the answers allow pages of other origins to read them.
   */
  readonly inBrowser?: boolean;
  /** How long to wait for something that is due, in milliseconds: a bound on liveness. @defaultValue 10_000 */
  readonly patienceMs?: number;
  /** Called after the adapter has ended, with the end of its standard error, unless it wrote nothing there. */
  readonly onLastWords?: (words: string) => void;
}
