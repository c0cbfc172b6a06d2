import type { TestDefinition } from "../../../../../engine/run/definition.ts";
import { accessTests } from "./access.ts";
import { cachingTests } from "./caching.ts";
import { claimTests } from "./claims.ts";
import { cursorTests } from "./cursors.ts";
import { gapTests } from "./gaps.ts";
import { joiningTests } from "./joining.ts";
import { messageTests } from "./messages.ts";
import { methodTests } from "./methods.ts";
import { originTests } from "./origins.ts";
import { parameterFormTests } from "./parameter-forms.ts";
import { parameterTests } from "./parameters.ts";
import { positionTests } from "./positions.ts";
import { problemTests } from "./problems.ts";
import { readingTests } from "./reading.ts";

/** Tests of the requirements on every server. */
export const coreTests: readonly TestDefinition[] = [
  ...messageTests,
  ...cursorTests,
  ...positionTests,
  ...joiningTests,
  ...parameterFormTests,
  ...parameterTests,
  ...readingTests,
  ...claimTests,
  ...methodTests,
  ...originTests,
  ...problemTests,
  ...gapTests,
  ...cachingTests,
  ...accessTests,
];
