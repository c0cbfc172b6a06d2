import { type Hello, runStreamClient } from "@tidemark/conformance";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createAdapter, hello } from "../../../examples/adapters/event-streams/tidemark.mjs";
import { connectInProcess } from "../clients/connect.ts";
import { foundIn } from "./kill.ts";

/** It takes as long as all others together; prove/stream-clients.test.ts runs it too. */
const LONG = ["sse-client/reconnecting/backs-off"];

test("readEventStream violates no sentence about event stream clients", async () => {
  const adapter = connectInProcess(hello as Hello, (tell) => createAdapter(tell));
  for await (const event of runStreamClient({ adapter, seed: 1, skip: LONG }))
    if (event.type === "run-finished") {
      const { report } = event;
      assert.equal(foundIn(report).found, []);
      const passed = report.tests.filter(({ outcome }) => outcome === "pass").length;
      const late = report.tests.filter(({ requirements }) =>
        requirements.some(({ reason }) => reason === "LAGGED"),
      );
      assert.is(passed + late.length, report.tests.length);
      assert.ok(passed > 0);
    }
});

test.run();
