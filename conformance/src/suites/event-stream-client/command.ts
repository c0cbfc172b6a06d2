import type { SuiteCommand } from "../../engine/run/suite-command.ts";
import type { ClientContext } from "../tidemark/client/client-context.ts";
import type { ClientNeed } from "../tidemark/client/client-definition.ts";
import type { ClientOptions } from "../tidemark/client/client-options.ts";
import { clientCommand } from "../tidemark/client/command.ts";
import { streamClientSuite } from "./suite.ts";

/** `sse-client --adapter <command>`, or `client --suite event-stream`: test a client of event streams. */
export const streamClientCommand: SuiteCommand<ClientOptions, ClientContext, ClientNeed> = {
  ...clientCommand,
  suite: streamClientSuite,
  description: "test any client of text/event-stream, through an adapter",
};
