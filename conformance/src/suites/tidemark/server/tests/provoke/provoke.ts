import type { TestDefinition } from "../../../../../engine/run/definition.ts";
import { connectionTests } from "./connections.ts";
import { restartTests } from "./restart.ts";
import { retentionTests } from "./retention.ts";
import { slowReaderTests } from "./slow-reader.ts";

/** Tests that need a target whose faults the suite can provoke. */
export const provokeTests: readonly TestDefinition[] = [
  ...retentionTests,
  ...slowReaderTests,
  ...connectionTests,
  ...restartTests,
];
