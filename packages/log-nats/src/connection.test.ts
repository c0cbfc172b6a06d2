import { test } from "uvu";
import * as assert from "uvu/assert";
import { optionsOf } from "./connection.ts";

test("a URL has servers and credentials", () => {
  assert.equal(optionsOf("nats://127.0.0.1:4222"), { servers: ["127.0.0.1:4222"] });
  assert.equal(optionsOf("nats://user:p%40ss@a.example,b.example:7000/"), {
    ...{ servers: ["a.example", "b.example:7000"], user: "user", pass: "p@ss" },
  });
  assert.equal(optionsOf("tls://t%2Foken@[::1]:4222"), { servers: ["[::1]:4222"], tls: {}, token: "t/oken" });
});

test("lists of servers and options of nats.js are used as given", () => {
  assert.equal(optionsOf(["a", "b:1"]), { servers: ["a", "b:1"] });
  const options = { servers: "a", timeout: 1 };
  assert.is(optionsOf(options), options);
});

for (const text of ["redis://a", "nats://", "nats://a/b", "a:4222", ""])
  test(`rejected: ${JSON.stringify(text)}`, () => assert.throws(() => optionsOf(text), /must be nats:/));

test.run();
