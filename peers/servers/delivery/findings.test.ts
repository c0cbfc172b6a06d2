// What the suites report about the servers of the page is shown here without a suite.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PAGE_SERVERS } from "../page/subjects.ts";
import { DELIVERY_FINDINGS } from "./findings.ts";

for (const { id, server, version, requirement, title, isSeen } of DELIVERY_FINDINGS)
  test(`${id} (${requirement}): ${title}`, async () => {
    const running = await PAGE_SERVERS.find((one) => one.id === server)?.start();
    assert.ok(running);
    try {
      assert.is(running.version, version, "another version is installed: look whether it is repaired");
      assert.ok(await isSeen(running), "it is not seen any more");
    } finally {
      await running.close();
    }
  });

test.run();
