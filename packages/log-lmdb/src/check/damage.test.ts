import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sources } from "../../../../tools/launch.mjs";
import { areApart, type Damaged, damage, placesOf, seeded } from "../../test/damage.ts";
import type { Outcome, Seen } from "../../test/damage-reader.ts";
import { temporaryDirectory } from "../../test/lmdb-harness.ts";
import { LmdbLog } from "../lmdb-log.ts";

const RUNS = 40;
const SEED = Number(process.env.TIDEMARK_SEED ?? Math.floor(Math.random() * 1e9));
const CHANNELS = 8;

/** Create a log whose messages contain their channel and number; some are longer than a page. */
async function makeLog(directory: string): Promise<void> {
  const random = seeded(7);
  const log = await LmdbLog.open(directory);
  for (let i = 0; i < 400; i++) {
    const length = Math.floor(random() * (i % 20 === 0 ? 9_000 : 600));
    const channel = `c${i % CHANNELS}`;
    await log.append(channel, [{ json: JSON.stringify(`${channel} ${i} ${"x".repeat(length)}`) }]);
  }
  await log.dispose();
}

/**
 * Opens damaged logs in a child process. If the process ends, that is the outcome, and a new one is started.
 */
class Reader {
  #child: ChildProcessWithoutNullStreams | undefined;
  #lines: AsyncIterator<string> | undefined;
  #closed: Promise<unknown[]> = Promise.resolve([]);

  async read(directory: string): Promise<Outcome | string> {
    if (this.#child === undefined) {
      const program = fileURLToPath(new URL("../../test/damage-reader.ts", import.meta.url));
      this.#child = spawn(process.execPath, [...sources, program]);
      this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
      this.#closed = once(this.#child, "close"); // its output has ended, and its end is known
    }
    const child = this.#child;
    let complaints = "";
    child.stderr
      .removeAllListeners("data")
      .setEncoding("utf8")
      .on("data", (text) => (complaints += text));
    child.stdin.write(`${directory}\n`);
    const line = await this.#lines?.next();
    if (line && line.done !== true) return JSON.parse(line.value);
    const [exitCode, signal] = await this.#closed;
    this.#child = undefined;
    return `the process ended by itself (${signal ?? exitCode}): ${complaints}`;
  }

  end(): void {
    this.#child?.kill("SIGKILL");
  }
}

let after = (): void => {};
test.after(() => after());

const isTrue = (text: string): boolean => /^"c\d \d+ x*"$/.test(text) || text === '"later"';

function assertTrue(seen: Record<string, Seen>, whole: ReadonlySet<string>): void {
  for (const [channel, { messages, fault }] of Object.entries(seen)) {
    assert.ok(fault === undefined || fault === "unavailable", `${channel}: ${fault}`);
    for (const text of messages)
      assert.ok(whole.has(text) && isTrue(text), `${channel}: a message that was never sent`);
    assert.is(new Set(messages).size, messages.length, `${channel}: no duplicates`);
  }
}

test(`damage never causes wrong messages or a crash, and intact messages are kept (seed ${SEED})`, async () => {
  const parent = await temporaryDirectory();
  await makeLog(join(parent, "base"));
  const base = join(parent, "base", "data.mdb");
  const places = placesOf(base);
  const whole = await readFile(base);
  const random = seeded(SEED);
  const reader = new Reader();
  const texts = await textsOf(join(parent, "base"));
  const allowed = new Set([...texts.values(), '"later"']);
  after = () => reader.end();
  for (let run = 0; run < RUNS; run++) {
    const directory = join(parent, `run${run}`);
    const damaged: Damaged = damage(whole, random);
    await mkdir(directory);
    await writeFile(join(directory, "data.mdb"), damaged.bytes);
    const outcome = await reader.read(directory);
    const where = `run ${run}, ${damaged.what}`;
    assert.ok(typeof outcome !== "string", `${where}: ${outcome}`);
    if (typeof outcome === "string") return;
    if (outcome.opening !== undefined)
      assert.match(outcome.opening, /data\.mdb.*(tidemark check|Restore)/, where);
    assertTrue(outcome.channels, allowed);
    if (outcome.opening === undefined)
      assert.is(Object.keys(outcome.channels).length, CHANNELS, `${where}: all channels`);
    if (outcome.damage === 0 && outcome.opening === undefined) {
      const count = Object.values(outcome.channels).reduce((sum, { messages }) => sum + messages.length, 0);
      assert.is(count, texts.size, `${where}: no damage, and no message missing`);
    }
    assertTrue(outcome.repaired, allowed);
    const kept = new Set(Object.values(outcome.repaired).flatMap(({ messages }) => messages));
    const lost = [...places].filter(
      ([at, ranges]) => areApart(ranges, damaged.ranges) && !kept.has(texts.get(at) ?? ""),
    );
    assert.equal(
      lost.map(([at]) => at),
      [],
      `${where}: intact messages that the repair lost`,
    );
    if (outcome.damage > 0) {
      const names = await readdir(directory);
      const beside = names.find((name) => name.startsWith("damaged-"));
      assert.ok(beside, `${where}: the damaged file is kept`);
    }
    await rm(directory, { recursive: true });
  }
  await rm(parent, { recursive: true });
});

/**
 * The texts of a log's messages by `incarnation.seq`. The channels were numbered in the order of their names.
 */
async function textsOf(directory: string): Promise<Map<string, string>> {
  const log = await LmdbLog.open(directory);
  const texts = new Map<string, string>();
  for (let i = 0; i < CHANNELS; i++) {
    const { messages } = await log.read(`c${i}`, "start", { maxMessages: 1_000 });
    for (const [n, { json }] of messages.entries()) texts.set(`${i + 1}.${n + 1}`, json);
  }
  await log.dispose();
  return texts;
}

test.run();
