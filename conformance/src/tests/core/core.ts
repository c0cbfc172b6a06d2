import type { TestDefinition } from "../../run/definition.ts";
import { cursorTests } from "./cursors.ts";
import { messageTests } from "./messages.ts";
import { positionTests } from "./positions.ts";

/** Tests of what every server has to keep. */
export const coreTests: readonly TestDefinition[] = [...messageTests, ...cursorTests, ...positionTests];
