// A client that was written from the specification alone passes the vectors.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runUnittest } from "./unittest.ts";

test("the Python client's own tests pass", async () => {
  const { code, ran, output } = await runUnittest("python-client");
  assert.is(code, 0, output);
  assert.ok(ran >= 5, output);
});

test.run();
