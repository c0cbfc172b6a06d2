import { MemoryLog } from "@tidemark/log-memory";
import { ProtocolError } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { numbers } from "../../../testing/logs/drafts.ts";
import { type At, serving, until } from "../../../testing/servers/serving.ts";
import { type LongPollingOptions, longPolling } from "./long-polling.ts";

interface Bench extends At {
  readonly log: MemoryLog;
  readonly hook: Hook;
  readonly reported: unknown[];
  hold(count: number): Promise<readonly Promise<Response>[]>;
  held(): number;
  drain(): Promise<void>;
}

class Hook {
  calls = 0;
  behave: () => unknown = () => undefined;

  readonly authorize = async (): Promise<string> => {
    this.calls += 1;
    await this.behave();
    return "anna";
  };
}

async function served(options: LongPollingOptions, run: (bench: Bench) => Promise<void>): Promise<void> {
  const log = new MemoryLog();
  const { cursor } = await log.append("a", numbers(1));
  const hook = new Hook();
  const reported: unknown[] = [];
  const onError = (error: unknown): unknown => reported.push(error);
  const middleware = longPolling(log, { authorize: hook.authorize, onError, ...options });
  const held = (): number => middleware.stats().held;
  await serving(middleware, async (at) => {
    const hold = async (count: number): Promise<readonly Promise<Response>[]> => {
      const answers = Array.from({ length: count }, () => fetch(at.url("a", `after=${cursor}&wait=60`)));
      await until(() => held() === count, "all are held");
      return answers;
    };
    const drain = (): Promise<void> => middleware.drain({ windowMs: 0 });
    await run({ ...at, log, hook, reported, hold, held, drain });
  });
}

function down(): never {
  throw new Error("the database is down");
}

async function dataOf(response: Response): Promise<unknown[]> {
  assert.is(response.status, 200);
  return ((await response.json()) as { messages: { data: unknown }[] }).messages.map(({ data }) => data);
}

test("held polls stay held while the hook fails, and get all new messages as soon as it answers", () =>
  served({}, async ({ hold, held, hook, log, reported }) => {
    const answers = await hold(20);
    hook.behave = down;
    hook.calls = 0;
    await log.append("a", numbers(1, 1));
    await until(() => hook.calls >= 2, "the hook is called again");
    await log.append("a", numbers(1, 2));
    assert.is(held(), 20);
    assert.is(reported.length, 1, "the failure is reported once");
    hook.behave = () => undefined;
    for (const answer of answers) assert.equal(await dataOf(await answer), [1, 2]);
    assert.is(held(), 0);
  }));

test("a hook that rejects after its poll is over leaves no unhandled rejection", () =>
  served({}, async ({ hold, held, hook, log, url }) => {
    const { cursor = "" } = await log.read("a", "end", { maxMessages: 1 });
    await hold(0);
    const controller = new AbortController();
    const { signal } = controller;
    const answer = fetch(url("a", `after=${cursor}&wait=60`), { signal }).catch((error: Error) => error.name);
    await until(() => held() === 1, "it is held");
    let reject: (error: unknown) => void = () => assert.unreachable();
    hook.behave = () => new Promise((_, no) => (reject = no));
    hook.calls = 0;
    await log.append("a", numbers(1, 1));
    await until(() => hook.calls === 1, "the hook is asked");
    controller.abort();
    assert.is(await answer, "AbortError");
    await until(() => held() === 0, "the poll is over");
    reject(new ProtocolError("forbidden", "revoked")); // the test runner fails on an unhandled rejection
    await new Promise((resolve) => setImmediate(resolve));
  }));

test("polls that wake together share one hook call", () =>
  served({}, async ({ hold, hook, log }) => {
    const answers = await hold(20);
    hook.calls = 0;
    await log.append("a", numbers(1, 1));
    for (const answer of answers) assert.equal(await dataOf(await answer), [1]);
    assert.ok(hook.calls <= 2, `${hook.calls} hook calls`);
  }));

test("a refusal after a failure is answered, and the message is not sent", () =>
  served({}, async ({ hold, hook, log }) => {
    const [answer] = await hold(1);
    hook.behave = down;
    hook.calls = 0;
    await log.append("a", numbers(1, 1));
    await until(() => hook.calls === 1, "the hook is called");
    hook.behave = () => {
      throw new ProtocolError("forbidden", "No");
    };
    assert.is((await answer)?.status, 403);
  }));

for (const [title, behave] of [
  ["fails", down],
  ["hangs", () => new Promise<never>(() => undefined)],
] as const)
  test(`a poll whose wait ends while the hook ${title} gets a time to retry`, () =>
    served({ maxWaitS: 1 }, async ({ hold, held, hook }) => {
      const [answer] = await hold(1);
      hook.behave = behave;
      const response = await answer;
      assert.is(response?.status, 503);
      assert.ok(response?.headers.get("retry-after"));
      assert.is(held(), 0);
    }));

test("a poll that waits for a failing hook is released when the server drains", () =>
  served({}, async ({ hold, hook, log, drain, url }) => {
    const [answer] = await hold(1);
    hook.behave = down;
    hook.calls = 0;
    await log.append("a", numbers(1, 1));
    await until(() => hook.calls === 1, "the hook is called");
    await drain();
    assert.is((await answer)?.status, 503);
    hook.behave = () => undefined;
    assert.is((await fetch(url("a"))).status, 200);
  }));

test.run();
