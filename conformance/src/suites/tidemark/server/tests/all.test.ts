import { test } from "uvu";
import * as assert from "uvu/assert";
import { tidemarkLedger as ledger } from "../../ledger.ts";
import { SERVER_TESTS } from "./all.ts";

test("ids are unique paths of their chapter", () => {
  const ids = SERVER_TESTS.map(({ id }) => id);
  assert.is(new Set(ids).size, ids.length);
  for (const id of ids)
    assert.match(id, /^server\/(core|polling|long-polling|sse|publishing|provoke|histories)\/[a-z0-9-]+$/);
});

test("every requirement that a test declares is in the ledger, observable, and on servers", () => {
  for (const { id, requirements } of SERVER_TESTS) {
    assert.ok(requirements.length > 0, id);
    for (const requirement of requirements) {
      const row = ledger.get(requirement);
      assert.ok(row?.subject === "server" && row.observable, `${id}: ${requirement}`);
    }
  }
});

test("a title is one sentence that is true of a conforming server", () => {
  const titles = SERVER_TESTS.map(({ title }) => title);
  assert.is(new Set(titles).size, titles.length);
  for (const title of titles)
    assert.ok(title.length > 15 && title.length <= 130 && !title.endsWith("."), title);
});

test.run();
