import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { until } from "../../../../testing/servers/serving.ts";
import type { ChannelRequest } from "../request/channel-request.ts";
import { SharedQuestions } from "./shared-questions.ts";

function visit(isOver = false): ChannelRequest & { isOver: boolean } {
  return { isOver } as ChannelRequest & { isOver: boolean };
}

test("a result comes from a call that began after the request for it, and one call runs at a time", async () => {
  const delays = fc.array(fc.record({ key: fc.nat(2), turns: fc.nat(4) }), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(delays, async (needs) => {
      let clock = 0;
      const open = new Set<string>();
      const keys = new Map<ChannelRequest, string>();
      const questions = new SharedQuestions(async (exchange) => {
        const key = keys.get(exchange) ?? "";
        const askedAt = clock++;
        assert.not(open.has(key), "one at a time");
        open.add(key);
        await new Promise((resolve) => setImmediate(resolve));
        open.delete(key);
        return { key, askedAt };
      });
      const answers: Promise<void>[] = [];
      for (const { key, turns } of needs) {
        const neededAt = clock++;
        const exchange = visit();
        keys.set(exchange, String(key));
        answers.push(
          questions.ask(String(key), exchange).then((answer) => {
            assert.is(answer.key, String(key));
            assert.ok(answer.askedAt > neededAt, "the result is not older than the request");
          }),
        );
        for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      }
      await Promise.all(answers);
    }),
    { numRuns: 50 },
  );
});

test("all callers of one turn share a call, and so do all that come while one runs", async () => {
  let asked = 0;
  let answer = (): void => undefined;
  const questions = new SharedQuestions(async () => {
    asked += 1;
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    return asked;
  });
  const first = Array.from({ length: 50 }, () => questions.ask("a", visit()));
  await until(() => asked === 1, "the first question");
  const second = Array.from({ length: 50 }, () => questions.ask("a", visit()));
  answer();
  assert.equal(new Set(await Promise.all(first)), new Set([1]));
  await until(() => asked === 2, "the second question");
  answer();
  assert.equal(new Set(await Promise.all(second)), new Set([2]));
});

test("a call that failed because its request is over is repeated for another caller's request", async () => {
  const [gone, stays] = [visit(), visit()];
  const asked: ChannelRequest[] = [];
  const questions = new SharedQuestions(async (exchange) => {
    asked.push(exchange);
    if (exchange === stays) return "yes";
    gone.isOver = true;
    throw new Error("called off");
  });
  const answers = await Promise.all([questions.ask("a", gone), questions.ask("a", stays)]);
  assert.equal(answers, ["yes", "yes"]);
  assert.is(asked.length, 2);
});

test("all callers get a failure, and the next request makes a new call", async () => {
  let asked = 0;
  const questions = new SharedQuestions(async () => {
    asked += 1;
    if (asked === 1) throw new Error("down");
    return "up";
  });
  const failed = await Promise.allSettled([questions.ask("a", visit()), questions.ask("a", visit())]);
  assert.equal(
    failed.map(({ status }) => status),
    ["rejected", "rejected"],
  );
  assert.is(await questions.ask("a", visit()), "up");
});

test.run();
