import { MemoryLog } from "@tidemark/log-memory";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readAll } from "../../../testing/logs/drafts.ts";
import { RIMS, type Rim, serving } from "../../../testing/servers/serving.ts";
import { tidemark } from "./tidemark.ts";

interface BadRead {
  readonly query: string;
  readonly problem: string;
  readonly member?: Readonly<Record<string, string>>;
}

/** `{other}` stands for a cursor of another channel. */
const READS: readonly BadRead[] = [
  { query: "after={other}", problem: "gap", member: { requested: "{other}" } },
  { query: "after=%0A", problem: "invalid-parameter", member: { parameter: "after" } },
  { query: `after=${"9".repeat(1_025)}`, problem: "invalid-parameter", member: { parameter: "after" } },
  { query: `after=${"9".repeat(1_024)}`, problem: "gap" },
  { query: "after=start&after=start", problem: "invalid-parameter", member: { parameter: "after" } },
  { query: "limit=0", problem: "invalid-parameter", member: { parameter: "limit" } },
  { query: "wait=1&wait=1", problem: "invalid-parameter", member: { parameter: "wait" } },
  { query: "event=a", problem: "unsupported-parameter", member: { parameter: "event" } },
];

function inEachWay(name: string, run: (rim: Rim) => Promise<void>): void {
  for (const rim of RIMS) test(`${rim}: ${name}`, () => run(rim));
}

const ACCEPTS = ["*/*", "text/event-stream"];

for (const { query, problem, member = {} } of READS)
  inEachWay(`reading with ${query.slice(0, 40)} is ${problem}`, async (rim) => {
    const log = new MemoryLog();
    const { cursor: other } = await log.append("other", [{ json: "1" }]);
    await log.append("a", [{ json: "1" }]);
    await serving(
      tidemark(log, { eventFilter: false }),
      async ({ url }) => {
        for (const Accept of ACCEPTS) {
          const response = await fetch(url("a", query.replace("{other}", other)), { headers: { Accept } });
          const told = (await response.json()) as Record<string, unknown>;
          assert.is(told.type, `https://tidemark.example/problems/${problem}`);
          assert.is(told.status, response.status);
          for (const [name, value] of Object.entries(member))
            assert.is(told[name], value.replace("{other}", other));
        }
      },
      rim,
    );
  });

interface BadPublish {
  readonly what: string;
  readonly body: string;
  readonly type?: string;
  readonly problem: string;
  readonly pointer?: string;
}

const GOOD = '{"data":"good"}';

const PUBLISHES: readonly BadPublish[] = [
  { what: "invalid JSON", body: `{"messages":[${GOOD}`, problem: "invalid-body", pointer: "" },
  {
    what: "a body that is too large",
    body: `{"messages":[{"data":"${"x".repeat(1_048_576)}"}]}`,
    problem: "too-large",
  },
  {
    what: "with the wrong type",
    body: `{"messages":[${GOOD}]}`,
    type: "text/plain",
    problem: "unsupported-type",
  },
  {
    what: "one invalid draft among valid ones",
    body: `{"messages":[${GOOD},{"event":"x"},${GOOD}]}`,
    problem: "invalid-body",
    pointer: "/messages/1",
  },
  {
    what: "an event name with CR LF",
    body: `{"messages":[${GOOD},{"event":"a\\r\\nid: 1","data":1}]}`,
    problem: "invalid-body",
    pointer: "/messages/1/event",
  },
];

for (const { what, body, type = "application/json", problem, pointer } of PUBLISHES)
  inEachWay(`publishing ${what} is ${problem}, and stores nothing`, async (rim) => {
    const log = new MemoryLog();
    await serving(
      tidemark(log),
      async ({ url }) => {
        const response = await fetch(url("a"), { method: "POST", body, headers: { "Content-Type": type } });
        const told = (await response.json()) as Record<string, unknown>;
        assert.is(told.type, `https://tidemark.example/problems/${problem}`);
        if (pointer !== undefined) assert.is(told.pointer, pointer);
        assert.equal(await readAll(log, "a"), []);
      },
      rim,
    );
  });

test.run();
