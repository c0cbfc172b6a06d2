import type { ClientTestDefinition } from "../client/client-definition.ts";
import { channelTests } from "./channels.ts";
import { decodingTests } from "./decoding.ts";
import { failureTests } from "./failures.ts";
import { ladderTests } from "./ladder.ts";
import { pollingTests } from "./polling.ts";
import { publishingTests } from "./publishing.ts";
import { storingTests } from "./storing.ts";
import { streamTests } from "./streams.ts";

/** Every test of clients, by subject. */
export const CLIENT_TESTS: readonly ClientTestDefinition[] = [
  ...channelTests,
  ...failureTests,
  ...pollingTests,
  ...decodingTests,
  ...streamTests,
  ...storingTests,
  ...ladderTests,
  ...publishingTests,
];
