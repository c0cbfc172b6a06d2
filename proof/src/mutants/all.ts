import { accessMutants } from "./access.ts";
import { bodyMutants } from "./bodies.ts";
import { cachingMutants } from "./caching.ts";
import { choiceMutants } from "./choice.ts";
import { connectionMutants } from "./connections.ts";
import { crowdMutants } from "./crowds.ts";
import { cursorMutants } from "./cursors.ts";
import { faultMutants } from "./faults.ts";
import { gapMutants } from "./gaps.ts";
import { headerFieldMutants } from "./header-fields.ts";
import { keepingMutants } from "./keeping.ts";
import { keyMutants } from "./keys.ts";
import { largeLogMutants } from "./large-logs.ts";
import { longPollMutants } from "./long-polls.ts";
import { messageMutants } from "./messages.ts";
import type { Mutant } from "./mutant.ts";
import { pageMutants } from "./pages.ts";
import { parameterMutants } from "./parameters.ts";
import { positionMutants } from "./positions.ts";
import { problemMutants } from "./problems.ts";
import { publishMutants } from "./publishes.ts";
import { quietMutants } from "./quiet.ts";
import { resumptionMutants } from "./resumption.ts";
import { streamEndMutants } from "./stream-ends.ts";
import { streamOpenMutants } from "./stream-opens.ts";
import { streamMutants } from "./streams.ts";
import { validatorMutants } from "./validators.ts";

/** Every mutant, by subject. */
export const ALL_MUTANTS: readonly Mutant[] = [
  ...positionMutants,
  ...cursorMutants,
  ...messageMutants,
  ...pageMutants,
  ...validatorMutants,
  ...longPollMutants,
  ...streamOpenMutants,
  ...streamMutants,
  ...streamEndMutants,
  ...resumptionMutants,
  ...bodyMutants,
  ...publishMutants,
  ...keyMutants,
  ...accessMutants,
  ...cachingMutants,
  ...choiceMutants,
  ...gapMutants,
  ...headerFieldMutants,
  ...parameterMutants,
  ...problemMutants,
  ...faultMutants,
  ...largeLogMutants,
  ...crowdMutants,
  ...quietMutants,
  ...keepingMutants,
  ...connectionMutants,
];
