import { execFile } from "node:child_process";
import { mkdtemp, open, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LmdbLog } from "@tidemark/log-lmdb";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { mainOf } from "../../../../tools/launch.mjs";

interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Run `tidemark check` with these arguments. */
function check(...args: readonly string[]): Promise<Result> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...mainOf("packages/server"), "check", ...args], (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

async function withLog(run: (directory: string, log: LmdbLog) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "tidemark-check-"));
  const log = await LmdbLog.open(directory);
  for (let n = 0; n < 200; n++)
    await log.append(`c${n % 4}`, [{ json: JSON.stringify(`${n} ${"x".repeat(200)}`) }]);
  await run(directory, log);
  await rm(directory, { recursive: true });
}

/** Overwrite each occurrence of `text` in the log's file, to damage one message. */
async function spoil(directory: string, text: string): Promise<void> {
  const file = await open(join(directory, "data.mdb"), "r+");
  const bytes = await file.readFile();
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) await file.write("?", at);
  await file.close();
}

test("exit code 0: an intact log", () =>
  withLog(async (directory, log) => {
    await log.dispose();
    const { code, out } = await check(`lmdb:${directory}`);
    assert.match(out, /4 channels, 200 messages can be read\nNothing is damaged\.\n$/);
    assert.is(code, 0);
  }));

test("exit code 2: a log in use, or no log", () =>
  withLog(async (directory, log) => {
    const inUse = await check(directory);
    assert.match(inUse.err, "is in use by process");
    assert.is(inUse.code, 2);
    await log.dispose();
    const none = await check(join(directory, "none"));
    assert.match(none.err, "There is no log in");
    assert.is(none.code, 2);
  }));

test("exit code 1: a damaged log, which is reported, repaired and kept beside the new file", () =>
  withLog(async (directory, log) => {
    const { cursor } = await log.read("c1", "end", { maxMessages: 1 });
    const kept = await log.read("c2", "end", { maxMessages: 1 });
    await log.dispose();
    await spoil(directory, "101 xxx");
    const told = await check(directory);
    assert.match(told.out, /message 26 of channel number 2 has a wrong checksum/);
    assert.match(told.out, /c1: 1 messages are missing\nDAMAGED\. .*tidemark check --repair/);
    assert.is(told.code, 1);
    const repaired = await check(directory, "--repair", "--json");
    assert.is(repaired.code, 0);
    const { damage, repaired: result } = JSON.parse(repaired.out);
    assert.is(damage.length, 1);
    assert.equal([result.channels, result.messages, result.begunAnew], [4, 199, ["c1"]]);
    assert.is((await readdir(directory)).filter((name) => name.startsWith("damaged-")).length, 1);
    assert.is((await check(directory)).code, 0);
    const again = await LmdbLog.open(directory);
    const page = await again.read("c1", "start", { maxMessages: 100 });
    assert.is(page.messages.length, 49);
    const gap = await again
      .read("c1", cursor, { maxMessages: 1 })
      .then(String, (error) => error.members.reason);
    assert.is(gap, "epoch", "a channel that lost messages has a new epoch");
    assert.is(
      (await again.read("c2", kept.cursor, { maxMessages: 1 })).cursor,
      kept.cursor,
      "the cursors of other channels stay valid",
    );
    await again.dispose();
  }));

test.run();
