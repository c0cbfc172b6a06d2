import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { foundIn, reportOn } from "./kill.ts";
import { STREAM_CLIENT_MUTANTS } from "./mutants.ts";
import { QUIRKS } from "./quirks.ts";

interface Row {
  readonly id: string;
  readonly observable: boolean;
}

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const ledger = JSON.parse(read("spec/profiles/event-stream-client.json")) as readonly Row[];

// prove/stream-clients.test.ts runs the suite against each of them.
test("the broken clients violate every sentence, and each quirk is one of them", () => {
  const broken = new Set(STREAM_CLIENT_MUTANTS.flatMap(({ breaks }) => breaks));
  assert.equal(
    [...broken].sort(),
    ledger
      .filter(({ observable }) => observable)
      .map(({ id }) => id)
      .sort(),
  );
  assert.equal(STREAM_CLIENT_MUTANTS.map(({ id }) => id).sort(), [...QUIRKS].sort());
});

test("the page lists every broken client as killed, and no test that kills none", () => {
  const page = read("docs/reference/stream-client-mutants.md");
  for (const { id } of STREAM_CLIENT_MUTANTS) assert.ok(page.includes(`\n| ${id} | `), id);
  assert.match(
    page,
    `${QUIRKS.length} of ${QUIRKS.length} are killed as declared. Each test kills at least one.`,
  );
});

test("the simple client decodes correctly, and the suite finds what is broken", async () => {
  const run = ["sse-client/decoding/*", "sse-client/resuming/*"];
  assert.equal(foundIn(await reportOn(undefined, { run })).found, []);
  const broken = foundIn(await reportOn("no-lone-cr", { run: ["sse-client/decoding/cr"] }));
  assert.equal(broken.found, ["EC-DECODE-2"]);
});

test.run();
