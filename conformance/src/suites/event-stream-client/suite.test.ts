import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RunReport } from "../../engine/model/event.ts";
import { observable } from "../../engine/run/suite.ts";
import type { ConnectAdapter } from "../tidemark/client/link.ts";
import { runStreamClient, streamClientSuite } from "./suite.ts";
import { STREAM_CLIENT_TESTS } from "./tests/all.ts";

async function reportOn(adapter: ConnectAdapter, run: readonly string[]): Promise<RunReport> {
  for await (const event of runStreamClient({ adapter, run, patienceMs: 200, seed: 1 }))
    if (event.type === "run-finished") return event.report;
  throw new Error("no report");
}

/** Reads one response as a whole, and delivers what `decode` finds in it. */
function reader(decode: (text: string) => readonly string[], mechanisms = ["event-stream"]): ConnectAdapter {
  return ({ told }) => {
    const language = "none";
    told({ type: "hello", contract: 1, name: "x", version: "1", language, mechanisms, capabilities: [] });
    return {
      send(order): void {
        if (order.type !== "open") return;
        const { id, url } = order;
        const read = async (): Promise<void> => {
          const answer = await fetch(url);
          for (const [index, data] of decode(await answer.text()).entries())
            told({ type: "message", id, n: index + 1, data });
          told({ type: "done", id });
        };
        read().catch(() => told({ type: "error", id, terminal: true }));
      },
      close: async () => undefined,
    };
  };
}

const byLines = (text: string): string[] => [...text.matchAll(/^data: (.*)$/gm)].map(([, data = ""]) => data);

test("every observable sentence has a test, and tests name no other", () => {
  const wanted = observable(streamClientSuite).map(({ id }) => id);
  const shown = STREAM_CLIENT_TESTS.flatMap(({ requirements }) => requirements);
  assert.equal([...new Set(shown)].sort(), [...wanted].sort());
  const ids = STREAM_CLIENT_TESTS.map(({ id }) => id);
  assert.is(new Set(ids).size, ids.length);
});

test("a test decides by what the client delivers", async () => {
  const run = ["sse-client/decoding/utf-8", "sse-client/decoding/data-in-lines"];
  const { tests, verdict } = await reportOn(reader(byLines), run);
  const outcomes = new Map(tests.map(({ id, outcome }) => [id, outcome]));
  assert.equal(
    run.map((id) => outcomes.get(id)),
    ["pass", "fail"],
  );
  assert.is(verdict.exitCode, 1);
  assert.match(verdict.line, /^EVENT STREAM CLIENT: 1\/31 verified · 1 violated · 29 undecided/);
});

test("a client that does not come back leaves its last event id undecided", async () => {
  const { tests } = await reportOn(reader(byLines), ["sse-client/resuming/after-the-end"]);
  assert.is(tests[0]?.outcome, "inconclusive");
});

test("a client that does not claim event streams is not tested", async () => {
  const { tests } = await reportOn(reader(byLines, ["sse"]), ["sse-client/*"]);
  assert.ok(tests.every(({ outcome }) => outcome === "n/a"));
});

test.run();
