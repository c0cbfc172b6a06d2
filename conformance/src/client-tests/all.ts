import type { ClientTestDefinition } from "../client/client-definition.ts";
import { failureTests } from "./failures.ts";
import { pollingTests } from "./polling.ts";

/** Every test of clients, by subject. */
export const CLIENT_TESTS: readonly ClientTestDefinition[] = [...failureTests, ...pollingTests];
