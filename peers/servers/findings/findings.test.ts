// What the conformance suite reports about a third-party server is shown here without the suite.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SERVERS } from "../servers.ts";
import { startServer } from "../start-server.ts";
import { FINDINGS } from "./all.ts";

for (const finding of FINDINGS)
  test(`${finding.id} (${finding.requirement}): ${finding.title}`, async () => {
    const server = await startServer(SERVERS[finding.server], finding.env);
    try {
      assert.is(server.version, finding.version, "another version is installed: look whether it is repaired");
      assert.ok(await finding.isSeen(server), "it is not seen any more");
    } finally {
      await server.close();
    }
  });

test.run();
