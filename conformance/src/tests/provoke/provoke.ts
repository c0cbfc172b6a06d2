import type { TestDefinition } from "../../run/definition.ts";
import { connectionTests } from "./connections.ts";
import { restartTests } from "./restart.ts";
import { retentionTests } from "./retention.ts";
import { slowReaderTests } from "./slow-reader.ts";

/** Tests of what can be seen only at a target that can be provoked to faults. */
export const provokeTests: readonly TestDefinition[] = [
  ...retentionTests,
  ...slowReaderTests,
  ...connectionTests,
  ...restartTests,
];
