// Every exchange of the specification, sent to the reference server and to the one in Python.
import { readFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { startPython, startReference } from "../servers.ts";
import { type Example, runExample, type Stage } from "./run-example.ts";

const examples: readonly Example[] = JSON.parse(
  readFileSync(new URL("../../../spec/examples.json", import.meta.url), "utf8"),
);
const chapters = [...new Set(examples.map(({ chapter }) => chapter))];
const startedByOthers = new Set(examples.map(({ then }) => then));

/** Run a chapter in order; answers a line for each example that differs. */
async function faultsOf(chapter: readonly Example[], origin: string): Promise<string[]> {
  const stage: Stage = { origin, suffix: `-${Math.random().toString(36).slice(2)}`, names: new Map() };
  const faults: string[] = [];
  for (const example of chapter) {
    if (startedByOthers.has(example.id)) continue;
    const second = chapter.find(({ id }) => id === example.then);
    const fault = await runExample(example, stage, async () => second && runExample(second, stage));
    if (fault !== undefined) faults.push(`${example.id}: ${fault}`);
  }
  return faults;
}

for (const [name, start] of Object.entries({ reference: startReference, python: startPython })) {
  const test = suite<{ origin: string; stop: () => Promise<void> }>(`examples, ${name}`);
  test.before(async (context) => {
    const { url, close } = await start();
    context.origin = new URL(url).origin;
    context.stop = close;
  });
  test.after(async (context) => context.stop?.());

  for (const chapter of chapters) {
    const own = examples.filter((example) => example.chapter === chapter);
    test(`${own.length} exchanges of ${chapter}`, async ({ origin }) => {
      assert.equal(await faultsOf(own, origin), []);
    });
  }

  test("an example that is changed by one byte fails", async ({ origin }) => {
    const own = examples.filter(({ chapter }) => chapter === "polling.md");
    const changed = own.map((example) => {
      if (example.id !== "poll-next-page") return example;
      const body = example.response.body?.replace("12.50", "12.51") ?? "";
      return { ...example, response: { ...example.response, body } };
    });
    const faults = await faultsOf(changed, origin);
    assert.is(faults.length, 1, faults.join("\n"));
    assert.match(faults[0] ?? "", /poll-next-page: messages: 0: data: 12.5 is not 12.51/);
  });
  test.run();
}
