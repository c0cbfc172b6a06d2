import { test } from "uvu";
import * as assert from "uvu/assert";
import { vectors } from "../../scripts/vectors.ts";
import { type Claims, formatClaims, type MechanismName, parseClaims } from "./claims.ts";

interface WireClaims {
  readonly v: number;
  readonly mechanisms: readonly MechanismName[];
  readonly publish: boolean;
  readonly event: boolean;
  readonly "max-wait"?: number;
  readonly "max-limit"?: number;
  readonly heartbeat?: number;
  readonly "key-ttl"?: number;
}

function fromWire(wire: WireClaims): Claims {
  const { v: version, mechanisms, publish, event } = wire;
  return {
    version,
    mechanisms,
    publish,
    event,
    ...(wire["max-wait"] === undefined ? {} : { maxWaitS: wire["max-wait"] }),
    ...(wire["max-limit"] === undefined ? {} : { maxLimit: wire["max-limit"] }),
    ...(wire.heartbeat === undefined ? {} : { heartbeatS: wire.heartbeat }),
    ...(wire["key-ttl"] === undefined ? {} : { keyTtlS: wire["key-ttl"] }),
  };
}

for (const { id, header, claims } of vectors<{ header: string | null; claims: WireClaims | null }>(
  "tidemark-header",
)) {
  test(id, () => {
    const expected = claims === null ? undefined : fromWire(claims);
    assert.equal(parseClaims(header), expected);
    if (expected !== undefined) assert.equal(parseClaims(formatClaims(expected)), expected);
  });
}

test("the whole dictionary is written as the specification shows it", () => {
  const claims: Claims = {
    version: 1,
    mechanisms: ["poll", "long-poll", "sse"],
    maxWaitS: 60,
    maxLimit: 1000,
    heartbeatS: 15,
    keyTtlS: 86400,
    publish: true,
    event: true,
  };
  assert.is(
    formatClaims(claims),
    "v=1, mechanisms=(poll long-poll sse), max-wait=60, max-limit=1000, heartbeat=15, key-ttl=86400, publish, event",
  );
});

test.run();
