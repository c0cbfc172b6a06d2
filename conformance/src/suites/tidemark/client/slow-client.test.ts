import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Outcome } from "../../../engine/model/outcome.ts";
import type { TestResult } from "../../../engine/model/result.ts";
import type { Open } from "./contract.ts";
import type { AdapterListener, ConnectAdapter } from "./link.ts";
import { runClient } from "./suite.ts";

const HELLO = {
  type: "hello",
  contract: 1,
  name: "x",
  version: "1",
  language: "none",
  mechanisms: ["sse"],
  capabilities: [],
};

type Follow = (order: Open, told: AdapterListener["told"]) => Promise<void>;

/** An adapter that does this with each channel; what fails because the run is over does not matter. */
function following(follow: Follow): ConnectAdapter {
  return ({ told, gone }) => {
    told(HELLO);
    return {
      send(order): void {
        if (order.type === "open") follow(order, told).catch((error: Error) => gone(error.message));
      },
      close: async () => undefined,
    };
  };
}

/** With the first patience, each wait for what does not come takes a tenth of a second. */
const PATIENCE_MS = [100, 400, 1_600, 6_400];

/**
 * The result of one test. On a busy machine, a short patience or the lag of this process may decide: then the test runs
 * again with more patience, until the outcome is the expected one.
 */
async function resultOf(id: string, follow: Follow, expected: Outcome): Promise<TestResult> {
  let result: TestResult | undefined;
  for (const patienceMs of PATIENCE_MS) {
    for await (const event of runClient({ adapter: following(follow), run: [id], patienceMs }))
      if (event.type === "test-finished") result = event.result;
    if (result?.outcome === expected) break;
  }
  if (result === undefined) throw new Error("no result");
  return result;
}

async function bodyOf(url: string): Promise<string> {
  return (await fetch(url)).text();
}

const RESUMES = "client/sse/resumes-from-open";

test("a test that fails only because something did not come is retried, and the second attempt counts", async () => {
  const follow: Follow = async ({ url }) => {
    await bodyOf(url);
    if (url.endsWith("-2")) await bodyOf(`${url}?after=O-1`); // the second attempt has channels of its own
  };
  const result = await resultOf(RESUMES, follow, "pass");
  assert.is(result.outcome, "pass");
  assert.match(
    result.notes.at(-1) ?? "",
    /^retried; the first attempt was fail, something took too long$|LAGGED/,
  );
});

test("a client that never continues fails the second attempt too", async () => {
  const result = await resultOf(RESUMES, async ({ url }) => void (await bodyOf(url)), "fail");
  assert.match(result.notes.at(-1) ?? "", /^retried; the first attempt was/);
  assert.is(result.outcome, "fail");
});

test("a wrong request fails at once: no second attempt could excuse it", async () => {
  const follow: Follow = async ({ url }) => {
    await bodyOf(url);
    await bodyOf(`${url}?after=O-2`);
  };
  const result = await resultOf(RESUMES, follow, "fail");
  assert.is(result.outcome, "fail");
  const retried = result.notes.filter((note) => !note.includes("LAGGED"));
  assert.equal(retried, []);
});

/** A client that reads the first answer, asks on once, and then delivers the first messages `times` times. */
function delivering(times: number): Follow {
  return async ({ id, url }, told) => {
    const data = [...(await bodyOf(url)).matchAll(/^data: ?(.*)\nid: ?M-/gm)].map(([, text = ""]) => text);
    const next = await fetch(`${url}?after=M-2`);
    await next.body?.cancel();
    const all = Array.from({ length: times }, () => data).flat();
    for (const [index, text] of all.entries())
      told({ type: "message", id, n: index + 1, data: JSON.parse(text) });
  };
}

const DOUBTS = "client/sse/doubts-answers-from-elsewhere";

test("a client that delivers too little after impossible answers is undecided, not blamed", async () => {
  const result = await resultOf(DOUBTS, delivering(1), "inconclusive");
  assert.equal([result.outcome, result.reason], ["inconclusive", "LAGGED"]);
  assert.is(result.detail, "the client delivered 2 of 4 messages in time");
  assert.match(result.notes.at(-1) ?? "", /^retried; the first attempt was inconclusive: LAGGED/);
});

test("a client that delivers something twice after impossible answers is blamed", async () => {
  const result = await resultOf(DOUBTS, delivering(2), "fail");
  assert.is(result.outcome, "fail");
});

test.run();
