import { test } from "uvu";
import * as assert from "uvu/assert";
import { Allowances, payerOf } from "./allowances.ts";

test("the allowance refills over an hour, and after the returned wait one is available", () => {
  let nowMs = 0;
  const allowances = new Allowances(4, () => nowMs);
  const take = (): number => allowances.take("a");
  assert.equal([take(), take(), take(), take(), take()], [0, 0, 0, 0, 900]);
  assert.is(allowances.take("b"), 0);
  nowMs = 899_000;
  assert.is(take(), 1);
  nowMs = 900_000;
  assert.equal([take(), take()], [0, 900]);
  nowMs = 20 * 3_600_000;
  assert.equal([take(), take(), take(), take(), take()], [0, 0, 0, 0, 900]);
});

test("if there are too many payers, the least recently seen one is forgotten", () => {
  const allowances = new Allowances(1, () => 0);
  allowances.take("first");
  for (let i = 0; i < 9_999; i += 1) allowances.take(String(i));
  assert.is(allowances.take("first"), 3_600);
  for (let i = 0; i < 10_000; i += 1) allowances.take(String(i));
  assert.is(allowances.take("first"), 0);
});

for (const [address, payer] of [
  ["192.0.2.7", "address 192.0.2.7"],
  ["::ffff:192.0.2.7", "address ::ffff:192.0.2.7"],
  ["2001:db8:1:2:3:4:5:6", "address 2001:db8:1:2"],
  ["2001:db8:1:2::6", "address 2001:db8:1:2"],
  ["2001:db8::6", "address 2001:db8:0:0"],
  ["::1", "address 0:0:0:0"],
  ["fe80::1%eth0", "address fe80:0:0:0"],
] as const)
  test(`who pays for a request from ${address}`, () => {
    assert.is(payerOf("", address), payer);
    assert.is(payerOf("ann", address), "principal ann");
  });

test.run();
