import type { ClientContext } from "./client-context.ts";
import type { Capability, ClientMechanism } from "./contract.ts";

/** A mechanism or capability that the client has to claim; without it the test is `n/a`. */
export type ClientNeed = ClientMechanism | Capability;

/** One client test: what it decides, what it needs, and how it runs. */
export interface ClientTestDefinition {
  /** Immutable path: `client/sse/drops-an-unfinished-block`. */
  readonly id: string;
  /** A sentence that is true of a conforming client. */
  readonly title: string;
  /** Every requirement that the test decides. A run has to check each of them at least once. */
  readonly requirements: readonly string[];
  readonly needs: readonly ClientNeed[];
  /** The result is reported but does not count, until the next frozen set of requirements. */
  readonly candidate?: boolean;
  /** About how long the test waits, in milliseconds; the longest tests start first. */
  readonly waitsMs?: number;
  readonly run: (t: ClientContext) => Promise<void>;
}
