// Every row of docs/reference/eventsource.md, with both protocols: whether a case differs is observed.
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CASES, type Protocol } from "../test/whatwg-cases.ts";

const page = readFileSync(new URL("../../../docs/reference/eventsource.md", import.meta.url), "utf8");

/** The table's rows: case, channel, any, reason. */
const rows = page
  .split("\n")
  .filter((line) => /^\| (?!case )/.test(line))
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map(([, name = "", channel, any, reason = ""]) => ({ name, tidemark: channel, any, reason }));

test("the page lists every case once, and every difference has a reason", () => {
  assert.equal(
    rows.map(({ name }) => name),
    Object.keys(CASES),
  );
  for (const { name, tidemark, any, reason } of rows)
    assert.is(reason !== "", tidemark === "differs" || any === "differs", name);
});

for (const [name, { prescribed, observe }] of Object.entries(CASES))
  for (const protocol of ["tidemark", "any"] as const satisfies readonly Protocol[])
    test(`${protocol}: ${name}, as documented`, async () => {
      const expected = rows.find((row) => row.name === name)?.[protocol];
      const observed = await observe(protocol);
      if (expected === "same") assert.equal(observed, prescribed);
      else {
        assert.is(expected, "differs");
        assert.not.equal(observed, prescribed);
      }
    });

test.run();
