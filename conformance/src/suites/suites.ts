import type { SuiteCommand } from "../engine/run/suite-command.ts";
import { deliveryCommand } from "./delivery/command.ts";
import { eventStreamCommand } from "./event-stream/command.ts";
import { streamClientCommand } from "./event-stream-client/command.ts";
import { clientCommand } from "./tidemark/client/command.ts";
import { serverCommand } from "./tidemark/server/command.ts";

/** Every suite of the package. The first is the one that `init` and `doctor` are for unless another is named. */
export const SUITES: readonly SuiteCommand[] = [
  serverCommand,
  { ...clientCommand, variants: { "event-stream": streamClientCommand } } as SuiteCommand,
  eventStreamCommand,
  streamClientCommand,
  deliveryCommand,
];
