import type { ClientContext } from "./client-context.ts";
import type { Capability, ClientMechanism } from "./contract.ts";

/** What a test needs of the client: a mechanism or a capability that it claims; else the test is `n/a`. */
export type ClientNeed = ClientMechanism | Capability;

/** One test of clients: what it shows, what it needs, and how it finds out. */
export interface ClientTestDefinition {
  /** Immutable path: `client/sse/drops-an-unfinished-block`. */
  readonly id: string;
  /** A sentence that is true of a conforming client. */
  readonly title: string;
  /** Every requirement that the test decides; each has to be checked at least once in a run of it. */
  readonly requirements: readonly string[];
  readonly needs: readonly ClientNeed[];
  /** Reported without weight, until the next frozen set of requirements. */
  readonly candidate?: boolean;
  /** About how long it has to wait, in milliseconds; the longest begin first. */
  readonly waitsMs?: number;
  readonly run: (t: ClientContext) => Promise<void>;
}
