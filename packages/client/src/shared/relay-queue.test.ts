import { test } from "uvu";
import * as assert from "uvu/assert";
import { randomFrom } from "../../../../testing/random-from.ts";
import { type Relayed, RelayQueue } from "./relay-queue.ts";

/** A batch of the messages `from + 1` to `to`; the cursor of message n is `Cn`. */
function batch(from: number, to: number, bytes = 10): Relayed {
  const messages = Array.from({ length: to - from }, (_, index) => {
    const number = from + index + 1;
    return { cursor: `C${number}`, data: number };
  });
  return { from: `C${from}`, batch: { messages, cursor: `C${to}` }, bytes };
}

const dataOf = (queue: RelayQueue, position: string): unknown[] | undefined =>
  queue.take(position)?.messages.map(({ data }) => data);

test("a batch follows the position before it, and any position inside it", () => {
  for (const [position, expected] of [
    ["C2", [3, 4, 5]],
    ["C3", [4, 5]],
    ["C5", undefined], // nothing follows it yet
    ["C1", undefined],
    ["C6", undefined],
  ] as const) {
    const queue = new RelayQueue();
    queue.push(batch(2, 5));
    assert.equal(dataOf(queue, position), expected, position);
  }
});

test("batches that the tab already has are skipped", () => {
  const queue = new RelayQueue();
  for (let from = 0; from < 10; from += 2) queue.push(batch(from, from + 2));
  assert.equal(dataOf(queue, "C7"), [8]);
  assert.equal(dataOf(queue, "C8"), [9, 10]);
  assert.is(queue.isCaughtUp("C10"), true);
});

test("a queue that is full keeps nothing, until the tab reads by itself", () => {
  const queue = new RelayQueue();
  queue.push(batch(0, 1, 3 * 1024 * 1024));
  queue.push(batch(1, 2, 3 * 1024 * 1024));
  queue.push(batch(2, 3));
  assert.is(dataOf(queue, "C0"), undefined);
  assert.is(queue.isCaughtUp("C3"), false, "although the leader is there");
  queue.restart();
  queue.push(batch(3, 4));
  assert.equal(dataOf(queue, "C3"), [4]);
});

test("a thousand small batches are the most that wait", () => {
  const queue = new RelayQueue();
  for (let from = 0; from <= 1_000; from++) queue.push(batch(from, from + 1, 0));
  assert.is(dataOf(queue, "C0"), undefined);
});

test("whatever a leader says, a tab takes each message once and in order, or nothing", () => {
  for (let seed = 0; seed < 500; seed++) {
    const { integer } = numbers(seed);
    const queue = new RelayQueue();
    let position = 0;
    for (let step = 0; step < 60; step++) {
      // Leaders that are ahead, behind, or say things twice; and batches that get lost.
      const from = integer(40);
      queue.push(batch(from, from + integer(4)));
      if (integer(3) === 0) queue.restart();
      for (let data = dataOf(queue, `C${position}`); data?.length; data = dataOf(queue, `C${position}`))
        for (const number of data) assert.is(number, ++position, `seed ${seed}`);
      if (!queue.isCaughtUp(`C${position}`) && integer(2) === 0) position += integer(3); // the tab reads by itself
    }
  }
});

function numbers(seed: number): { integer(below: number): number } {
  const random = randomFrom(seed);
  return { integer: (below) => Math.floor(random() * below) };
}

test.run();
