import { test } from "uvu";
import * as assert from "uvu/assert";
import { vectors } from "../../scripts/vectors.ts";
import { isEventName } from "./event-name.ts";

for (const { id, text, valid } of vectors<{ text: string; valid: boolean }>("event-names")) {
  test(id, () => assert.is(isEventName(text), valid));
}

test.run();
