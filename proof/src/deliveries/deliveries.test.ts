import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { allSubjects } from "./judge.ts";
import { pageOf, readResults, uncovered } from "./matrix.ts";
import { PLAIN } from "./plain/behavior.ts";
import { PLAIN_MUTANTS } from "./plain/mutants.ts";
import { startPlain } from "./plain/server.ts";
import { brokenIn, deliveryReport } from "./report.ts";

const DIALECT = new URL("./plain/dialect.yaml", import.meta.url).pathname;

/** Tests that take a second. */
const QUICK = ["delivery/reading/each-once", "delivery/order/history", "delivery/positions/asked-again"];

test("a plain server passes, and one that repeats messages does not", async () => {
  const repeats = PLAIN_MUTANTS.find(({ id }) => id === "streams-repeat-every-fifth-message");
  for (const changes of [{}, repeats?.changes ?? {}]) {
    const server = await startPlain({ ...PLAIN, ...changes });
    try {
      const report = await deliveryReport(DIALECT, server.url, { run: QUICK });
      assert.is(brokenIn(report).includes("DL-READ-2"), "frame" in changes, report.verdict.line);
    } finally {
      await server.close();
    }
  }
});

for (const [what, status, body] of [
  ["a server that answers everything with JSON", 200, "{}"],
  ["a server that knows no address", 404, "not found"],
  ["a server that fails", 500, "oops"],
] as const)
  test(`no verdict on ${what}`, async () => {
    const server = createServer((_, response) => response.writeHead(status).end(body)).listen(0, "127.0.0.1");
    await new Promise((listening) => server.once("listening", listening));
    const report = await deliveryReport(
      DIALECT,
      `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    );
    server.close();
    assert.is(report.verdict.exitCode, 3);
    assert.match(
      report.verdict.line,
      /NO VERDICT: (?:no message that was published|nothing can be published)/,
    );
  });

test("the page of the matrix is made of its data, and each sentence is broken by a plain server", async () => {
  const subjects = await allSubjects();
  const page = readFileSync(new URL("../../../docs/reference/delivery-matrix.md", import.meta.url), "utf8");
  assert.is(page, pageOf(subjects, readResults()));
  assert.equal(uncovered(subjects, readResults()), []);
});

test.run();
