import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ensureProgram } from "../../tools/ensure.mjs";
import { mainOf } from "../../tools/launch.mjs";
import type { Example } from "./examples.ts";
import { CHAPTERS } from "./ledger.ts";
import { Places, parseExample } from "./places.ts";
import { runExamples } from "./run-examples.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const EXAMPLES = JSON.parse(
  readFileSync(new URL("../examples.json", import.meta.url), "utf8"),
) as readonly Example[];

const reference = (): ChildProcess =>
  start(process.execPath, [...mainOf("packages/server"), "serve", "--port", "0", "--log", "memory"]);

const SERVERS: Readonly<Record<string, () => ChildProcess>> = {
  "the reference server": reference,
  "the Python server": () =>
    start(ensureProgram("python3"), ["examples/python-server/server.py", "--port", "0"]),
};

function start(command: string, args: readonly string[]): ChildProcess {
  return spawn(command, args, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
}

/** Run something with the URL of a server, which the server prints; then stop the server. */
async function serving(server: ChildProcess, run: (template: string) => Promise<void>): Promise<void> {
  const ended = new Promise((resolve) => server.once("close", resolve));
  try {
    if (server.stdout === null) throw new Error("the server has no output");
    for await (const line of createInterface(server.stdout)) {
      const url = /listening on (\S+)/.exec(line)?.[1];
      if (url === undefined) continue;
      await run(url);
      break;
    }
  } finally {
    server.kill();
    await ended;
  }
}

for (const [name, launch] of Object.entries(SERVERS))
  test(`${name} gives the answers of the examples`, async () => {
    let chapters = 0;
    await serving(launch(), async (template) => {
      for (const chapter of CHAPTERS) {
        const examples = EXAMPLES.filter((example) => example.chapter === chapter);
        const url = (channel: string): string => template.replace("{channel}", `${chapter}-${channel}`);
        assert.equal(await runExamples(examples, url), []);
        chapters += examples.length > 0 ? 1 : 0;
      }
    });
    assert.is(chapters, 4);
  });

test("a difference of one character is reported", async () => {
  await serving(reference(), async (template) => {
    const all = JSON.stringify(EXAMPLES.filter(({ chapter }) => chapter === "polling.md"));
    const changed = JSON.parse(all.replaceAll('no-cache"', 'no-cachf"')) as readonly Example[];
    const differences = await runExamples(changed, (channel) => template.replace("{channel}", channel));
    assert.equal(
      differences.map(({ id, fault }) => `${id}: ${fault}`),
      [
        'poll-next-page: Cache-Control is "private, no-cache", not "private, no-cachf"',
        'poll-nothing-new: Cache-Control is "private, no-cache", not "private, no-cachf"',
        "poll-not-modified: no earlier answer had a value for {e2}",
      ],
    );
  });
});

const page = (text: string): unknown => parseExample(text);

test("a place takes its value from the first answer and keeps it", () => {
  const places = new Places();
  assert.is(places.compare(page('{"a":"{c1}","n":{n1}}'), { a: "x.1", n: 5 }, "x"), undefined);
  assert.is(places.fill("/{c1}?{n1}"), "/x.1?5");
  assert.is(places.compare({ b: "{c1}" }, { b: "x.2" }, "x"), 'x/b is "x.2", not "{c1}"');
  assert.is(places.compare("{c2}", "x.1", "x"), 'x is "x.1", not "{c2}"');
  assert.is(places.compare("max-age={n2}", "max-age=60", "x"), undefined);
  assert.is(places.compare(["{*}", "{*}"], ["a", "b"], "x"), undefined);
  assert.is(places.fill("{c9}"), "{c9}");
  assert.is(places.unknownIn("{c1} {c9}"), "{c9}");
});

test("additional members are a difference, except detail and retry", () => {
  const places = new Places();
  assert.is(places.compare({ a: 1 }, { a: 1, detail: "x", retry: 5 }, "x"), undefined);
  assert.is(places.compare({ a: 1 }, { a: 1, closed: true }, "x"), "x/closed is not in the example");
  assert.is(places.compare({ a: 1, b: 2 }, { a: 1 }, "x"), "x/b is undefined, not 2");
  assert.is(places.compare([1], [1, 2], "x"), "x/1 is not in the example");
  assert.is(places.compare({}, null, "x"), "x is null, not {}");
});

test.run();
