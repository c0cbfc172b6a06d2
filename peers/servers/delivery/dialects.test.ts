// Each dialect of the package that says so runs against its real server, and the verdict is pinned by version.
import { loadDialect } from "@tidemark/conformance";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { deliveryReport } from "../page/judge.ts";
import { PAGE_SERVERS } from "../page/subjects.ts";

/** The sentences that a server does not meet. Those that could be used against users are not looked at. */
const EXPECTED: Readonly<Record<string, { readonly version: RegExp; readonly unmet: readonly string[] }>> = {
  nchan: { version: /^1\.3\.6 /, unmet: [] },
  "Durable Streams": { version: /server 0\.3\.7$/, unmet: [] },
  "express-pouchdb": { version: /express-pouchdb 4\.2\.0/, unmet: ["DL-WAIT-3"] },
  "sse-pubsub": { version: /sse-pubsub 1\.4\.5/, unmet: [] },
  "MCP SDK": {
    version: /sdk 1\.32\.2$/,
    unmet: ["DL-POS-2", "DL-POS-3", "DL-WAIT-1", "DL-WAIT-4"],
  },
};

/** On a busy machine, any server can be late. */
const LATE = "DL-WAIT-4";

const HIDDEN = /^DL-(?:READ-3|FEED-[12])$/;

for (const [id, { version, unmet }] of Object.entries(EXPECTED)) {
  const server = PAGE_SERVERS.find((one) => one.id === id);
  test(`${id}, in the dialect ${server?.dialect}: ${unmet.join(", ") || "no finding"}`, async () => {
    assert.ok(server);
    const running = await server.start();
    try {
      assert.match(running.version, version, "another version is installed: look what has changed");
      const report = await deliveryReport(server, running);
      const rows = report.summary?.requirements ?? [];
      const bad = rows.filter(({ standing }) => standing === "violated" || standing === "not-met");
      const isLate = (one: string): boolean => one === LATE && !unmet.includes(LATE);
      const found = bad
        .map(({ requirement }) => requirement)
        .filter((one) => !HIDDEN.test(one) && !isLate(one));
      assert.equal(found, unmet, report.verdict.line);
      assert.ok(rows.filter(({ standing }) => standing === "verified").length >= 7, report.verdict.line);
    } finally {
      await running.close();
    }
  });
}

test("every dialect that names a tested server is one of these, or Tidemark's", async () => {
  for (const name of ["nchan", "durable-streams", "couchdb", "sse", "mcp"]) {
    assert.ok((await loadDialect(name)).dialect.tested !== undefined);
    assert.ok(PAGE_SERVERS.some(({ id, dialect }) => dialect === name && id in EXPECTED));
  }
});

test.run();
