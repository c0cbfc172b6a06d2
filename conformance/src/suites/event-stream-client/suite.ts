import type { RunEvent } from "../../engine/model/event.ts";
import { runSuite } from "../../engine/run/run-suite.ts";
import type { Suite } from "../../engine/run/suite.ts";
import type { ClientContext } from "../tidemark/client/client-context.ts";
import type { ClientNeed } from "../tidemark/client/client-definition.ts";
import type { ClientOptions } from "../tidemark/client/client-options.ts";
import { clientSuite } from "../tidemark/client/suite.ts";
import { STREAM_CLIENT_TESTS } from "./tests/all.ts";
import { PROFILE_VERSION, streamClientLedger, streamClientWords } from "./words.ts";

/** The suite for clients of any event stream. It drives them through the same adapters as the Tidemark suite. */
export const streamClientSuite: Suite<ClientOptions, ClientContext, ClientNeed> = {
  ...clientSuite,
  name: "sse-client",
  version: PROFILE_VERSION,
  ledger: streamClientLedger,
  words: streamClientWords,
  tests: STREAM_CLIENT_TESTS,
  async discover(options, run) {
    return { ...(await clientSuite.discover(options, run)), binds: () => true };
  },
};

/** Run the suite against a client of event streams. The last event is always `run-finished`. */
export function runStreamClient(options: ClientOptions): AsyncGenerator<RunEvent, void> {
  return runSuite(streamClientSuite, options);
}
