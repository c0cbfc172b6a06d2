import type { StreamTest } from "../context.ts";
import { endTests } from "./end.ts";
import { framingTests } from "./framing.ts";
import { lifeTests } from "./life.ts";
import { openingTests } from "./opening.ts";
import { publishingTests } from "./publishing.ts";
import { restartTests } from "./restart.ts";
import { resumingTests } from "./resuming.ts";
import { sessionTests } from "./sessions.ts";
import { thoroughTests } from "./thorough.ts";

/** Every test of the suite. */
export const STREAM_TESTS: readonly StreamTest[] = [
  ...publishingTests, // first, because a quiet feed then has events for the others
  ...openingTests,
  ...framingTests,
  ...lifeTests,
  ...resumingTests,
  ...endTests,
  ...thoroughTests,
  ...sessionTests,
  ...restartTests,
];
