import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseDictionary } from "../../engine/wire/dictionary.ts";
import { parseClaims } from "./claims.ts";

test("the header in the specification's example", () => {
  const claims = parseClaims(
    "v=1, mechanisms=(poll long-poll sse), max-wait=60, max-limit=1000, heartbeat=15, publish, key-ttl=86400, event",
  );
  assert.equal(claims, {
    version: 1,
    mechanisms: ["poll", "long-poll", "sse"],
    maxWaitS: 60,
    maxLimit: 1000,
    heartbeatS: 15,
    keyTtlS: 86400,
    publish: true,
    event: true,
  });
});

test("an absent member is not claimed; an unknown member is ignored", () => {
  const claims = parseClaims(
    'v=1;x="y", later=(a "b" 1);q=2, publish=?0, mechanisms=(sse carrier-pigeon "poll")',
  );
  assert.equal(claims?.mechanisms, ["sse"]);
  assert.is(claims?.publish, false);
  assert.equal(parseClaims("v=1")?.mechanisms, ["poll"]);
});

test("a header that is not a dictionary claims nothing", () => {
  assert.is(parseClaims(undefined), undefined);
  for (const field of ["v=", "V=1", "v=1,", "v=(1", "=1", "v=1 mechanisms=(poll)"])
    assert.is(parseDictionary(field), undefined, field);
});

test.run();
