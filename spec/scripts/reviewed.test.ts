import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Requirement } from "./blocks.ts";
import { collect } from "./ledger.ts";
import { confirm, reviewableVectors, reviewFaults } from "./reviewed.ts";

const TEXT = "> **CORE-A-1** · server · MUST\n> A server MUST answer.\n";
const NOW = TEXT.replace("MUST answer", "MUST answer at once");
const SUITE = [
  { id: "server/core/answers", requirements: ["CORE-A-1", "CORE-A-2"] },
  { id: "server/core/other", requirements: ["CORE-A-2"] },
];

function ledgerOf(markdown: string) {
  return collect([{ file: "core.md", markdown }]);
}

function hashes(requirements: readonly Requirement[]): Record<string, string> {
  return Object.fromEntries(requirements.map(({ id, hash }) => [id, hash]));
}

test("a reviewed sentence has no error, and the suite does not list its tests", () => {
  const { requirements, places } = ledgerOf(TEXT);
  const faults = reviewFaults(requirements, hashes(requirements), places, () => {
    throw new Error("listed");
  });
  assert.equal(faults, []);
});

test("a changed sentence is an error with its tests and the command that confirms it", () => {
  const before = hashes(ledgerOf(TEXT).requirements);
  const { requirements, places } = ledgerOf(NOW);
  assert.equal(
    reviewFaults(requirements, before, places, () => SUITE),
    [
      {
        file: "core.md",
        line: 1,
        message: [
          "CORE-A-1 has changed since its tests were last reviewed",
          "  it says:   A server MUST answer at once.",
          "  shown by:  server/core/answers",
          "  review these tests, then run: npm run reviewed -w @tidemark/spec -- CORE-A-1",
        ].join("\n"),
      },
    ],
  );
});

test("a new sentence is an error until its tests are reviewed", () => {
  const { requirements, places } = ledgerOf(TEXT);
  const [fault] = reviewFaults(requirements, {}, places, () => []);
  assert.match(fault?.message ?? "", /^CORE-A-1 is new\n.*\n {2}shown by: {2}no test\n/);
});

test("if the suite cannot list its tests, the error says so", () => {
  const { requirements, places } = ledgerOf(TEXT);
  const [fault] = reviewFaults(requirements, {}, places, () => undefined);
  assert.match(fault?.message ?? "", "shown by:  (the suite cannot list its tests)");
});

test("an id that no longer exists is an error until it is dropped", () => {
  const { requirements, places } = ledgerOf(TEXT);
  const reviewed = { ...hashes(requirements), "CORE-A-9": "0" };
  const faults = reviewFaults(requirements, reviewed, places, () => SUITE);
  assert.equal(
    faults.map(({ message }) => message),
    ["CORE-A-9 no longer exists; confirm with: npm run reviewed -w @tidemark/spec -- CORE-A-9"],
  );
  assert.equal(confirm(requirements, reviewed, ["CORE-A-9"]), hashes(requirements));
});

test("vectors with a changed byte are an error with the tests that run them and the command that confirms them", () => {
  const json = '[{"id":"a","text":"x"}]';
  const file = "vectors/cursors.json";
  const before = { [file]: reviewableVectors(file, json).hash };
  const faultsOf = (now: string) => reviewFaults([reviewableVectors(file, now)], before, new Map(), () => []);
  assert.equal(faultsOf(json), []);
  const [fault] = faultsOf(json.replace("x", "y"));
  assert.is(fault?.file, file);
  assert.match(
    fault?.message ?? "",
    /^vectors\/cursors\.json has changed since .*\n.*: {3}1 vectors\n {2}shown by: {2}the tests of packages\/protocol.*\n.*-- vectors\/cursors\.json$/,
  );
});

test("only the named ids are confirmed", () => {
  const { requirements } = ledgerOf(`${NOW}\n${NOW.replace("A-1", "A-2")}`);
  const [first, second] = requirements.map(({ hash }) => hash);
  const before = { "CORE-A-1": "old", "CORE-A-2": "old" };
  assert.equal(confirm(requirements, before, ["CORE-A-2"]), { "CORE-A-1": "old", "CORE-A-2": second });
  assert.equal(confirm(requirements, {}, ["CORE-A-1"]), { "CORE-A-1": first });
  assert.is(confirm(requirements, before, ["CORE-A-1", "CORE-B-1"]), undefined);
});

test.run();
