import type { TestDefinition } from "../run/definition.ts";
import { pageTests } from "./polling/page.ts";

/** Every test of the server suite. */
export const ALL_TESTS: readonly TestDefinition[] = [...pageTests];
