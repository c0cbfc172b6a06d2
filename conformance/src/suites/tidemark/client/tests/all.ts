import type { ClientTestDefinition } from "../client-definition.ts";
import { channelTests } from "./channels.ts";
import { connectionTests } from "./connections.ts";
import { cutTests } from "./cuts.ts";
import { decodingTests } from "./decoding.ts";
import { endTests } from "./ends.ts";
import { failureTests } from "./failures.ts";
import { gapTests } from "./gaps.ts";
import { heldStreamTests } from "./held-streams.ts";
import { ladderTests } from "./ladder.ts";
import { longPollingTests } from "./long-polling.ts";
import { ownTimeTests } from "./own-time.ts";
import { paceTests } from "./pace.ts";
import { placeTests } from "./places.ts";
import { pollingTests } from "./polling.ts";
import { progressTests } from "./progress.ts";
import { proofTests } from "./proofs.ts";
import { publishingTests } from "./publishing.ts";
import { refusalTests } from "./refusals.ts";
import { sizeTests } from "./sizes.ts";
import { storingTests } from "./storing.ts";
import { streamTests } from "./streams.ts";

/** Every client test, by subject. */
export const CLIENT_TESTS: readonly ClientTestDefinition[] = [
  ...channelTests,
  ...connectionTests,
  ...cutTests,
  ...decodingTests,
  ...endTests,
  ...failureTests,
  ...gapTests,
  ...heldStreamTests,
  ...ladderTests,
  ...longPollingTests,
  ...ownTimeTests,
  ...paceTests,
  ...placeTests,
  ...pollingTests,
  ...progressTests,
  ...proofTests,
  ...publishingTests,
  ...refusalTests,
  ...sizeTests,
  ...storingTests,
  ...streamTests,
];
