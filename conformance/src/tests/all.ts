import type { TestDefinition } from "../run/definition.ts";
import { nowTests } from "./long-polling/now.ts";
import { waitTests } from "./long-polling/wait.ts";
import { etagTests } from "./polling/etag.ts";
import { pageTests } from "./polling/page.ts";

/** Every test of the server suite. */
export const ALL_TESTS: readonly TestDefinition[] = [...pageTests, ...etagTests, ...waitTests, ...nowTests];
