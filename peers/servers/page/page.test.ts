// The page is what its data says, and shows nothing that could be used against users.
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type ServerResult, WITHHELD } from "./judge.ts";
import { renderServers } from "./page.ts";
import { PAGE_SERVERS } from "./subjects.ts";

const read = (path: string): string =>
  readFileSync(new URL(`../../../docs/${path}`, import.meta.url), "utf8");
const results: readonly ServerResult[] = JSON.parse(read("public/servers.json"));

test("the page is made of the data; if not, run `npm run servers --prefix peers`", () => {
  assert.is(read("reference/servers.md"), renderServers(PAGE_SERVERS, results));
});

test("there are at least twelve servers, each with a version and a date", () => {
  assert.ok(results.length >= 12);
  for (const { version, date } of results) {
    assert.match(version, /\d+\.\d+\.\d+/);
    assert.match(date, /^\d{4}-\d\d-\d\d$/);
  }
});

test("what could be used against users is withheld, whatever the result is", () => {
  for (const { stream, delivery } of results)
    for (const [id, cell] of Object.entries({ ...stream?.cells, ...delivery?.cells }))
      assert.is(cell === "withheld", WITHHELD.includes(id), id);
});

test.run();
