import type { ClientTestDefinition } from "../../tidemark/client/client-definition.ts";
import { decodingTests } from "./decoding.ts";
import { endTests } from "./ends.ts";
import { reconnectingTests } from "./reconnecting.ts";
import { requestTests } from "./requests.ts";
import { resumingTests } from "./resuming.ts";

/** Every test of the suite. */
export const STREAM_CLIENT_TESTS: readonly ClientTestDefinition[] = [
  ...requestTests,
  ...decodingTests,
  ...resumingTests,
  ...reconnectingTests,
  ...endTests,
];
