import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkNumbers, SharedOrder } from "./order-check.ts";

test("numbers show lost and repeated messages", () => {
  const check = checkNumbers();
  const verdicts = [5, 6, 6, 5, 7, 10, 11].map(check);
  assert.equal(
    verdicts.map(({ lost }) => lost),
    [0, 0, 0, 0, 0, 2, 0],
  );
  assert.equal(
    verdicts.map(({ repeated }) => repeated),
    [0, 0, 1, 1, 0, 0, 0],
  );
});

test("columns of one channel are compared by their cursors", () => {
  const order = new SharedOrder();
  const [fast, slow] = [order.check(), order.check()];
  for (const cursor of ["a", "b", "c", "d"]) {
    order.arrived(cursor, 100);
    assert.equal(fast(cursor), { lost: 0, repeated: 0 });
  }
  assert.is(order.behind("a", 130), 30);
  assert.equal(["a", "c", "b", "d"].map(slow), [
    { lost: 0, repeated: 0 },
    { lost: 1, repeated: 0 },
    { lost: 0, repeated: 1 },
    { lost: 0, repeated: 0 },
  ]);
});

test("the shared order forgets old cursors, and does not judge a column that is that far behind", () => {
  const order = new SharedOrder();
  const [fast, slow] = [order.check(), order.check()];
  for (let i = 0; i < 50_000; i += 1) {
    order.arrived(String(i), i);
    assert.equal(fast(String(i)), { lost: 0, repeated: 0 });
  }
  assert.equal(slow("0"), { lost: 0, repeated: 0 });
  assert.is(order.behind("0", 1), undefined);
});

test.run();
