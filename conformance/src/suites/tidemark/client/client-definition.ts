import type { Test } from "../../../engine/run/test.ts";
import type { ClientContext } from "./client-context.ts";
import type { Capability, ClientMechanism } from "./contract.ts";

/** A mechanism or capability that the client has to claim; without it the test is `n/a`. */
export type ClientNeed = ClientMechanism | Capability;

/** One test of a client: `client/sse/drops-an-unfinished-block`. It always says what the client has to claim. */
export interface ClientTestDefinition extends Test<ClientContext, ClientNeed> {
  readonly needs: readonly ClientNeed[];
}
