import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CLIENT_MUTANTS } from "./mutants.ts";

interface Row {
  readonly id: string;
  readonly subject: string;
  readonly observable: boolean;
}

const ledger = JSON.parse(
  readFileSync(new URL("../../../spec/requirements.json", import.meta.url), "utf8"),
) as readonly Row[];
const observable = ledger.filter((row) => row.subject === "client" && row.observable).map(({ id }) => id);

// prove/client-mutants.test.ts shows that the suite kills each mutant as declared.
test("the mutants break every observable requirement of clients, and no other", () => {
  const broken = new Set(CLIENT_MUTANTS.flatMap(({ breaks }) => breaks));
  assert.equal([...broken].sort(), [...observable].sort());
});

test("ids and titles of mutants are unique", () => {
  assert.ok(CLIENT_MUTANTS.length >= 30);
  for (const of of ["id", "title"] as const)
    assert.is(new Set(CLIENT_MUTANTS.map((mutant) => mutant[of])).size, CLIENT_MUTANTS.length);
});

test.run();
