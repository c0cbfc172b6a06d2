import { test } from "uvu";
import * as assert from "uvu/assert";
import { isCluster, readAddress } from "./address.ts";

test("a URL of one host is left to ioredis", () => {
  for (const url of ["redis://127.0.0.1:6379/2", "rediss://user:secret@a.example"])
    assert.is(readAddress(new URL(url)), url);
  const options = { host: "a" };
  assert.is(readAddress(options), options);
});

test("a Sentinel URL has the primary's name, and its default port is 26379", () => {
  assert.equal(readAddress("redis+sentinel://10.0.0.1,10.0.0.2:7000,[::1]:7001/primary"), {
    sentinels: [
      { host: "10.0.0.1", port: 26_379 },
      { host: "10.0.0.2", port: 7_000 },
      { host: "::1", port: 7_001 },
    ],
    name: "primary",
    enableTLSForSentinelMode: false,
  });
});

test("a cluster URL has some of the nodes, with TLS and a user for all", () => {
  const address = readAddress("rediss+cluster://user:p%40ss@a.example,b.example:7000");
  assert.ok(isCluster(address));
  assert.equal(address, {
    nodes: [
      { host: "a.example", port: 6_379 },
      { host: "b.example", port: 7_000 },
    ],
    options: { redisOptions: { username: "user", password: "p@ss", tls: {} } },
  });
});

for (const text of ["redis+sentinel://a", "redis+cluster://a/name", "redis+cluster://", "redis+x://a"])
  test(`rejected: ${text}`, () => assert.throws(() => readAddress(text), /must be/));

test.run();
