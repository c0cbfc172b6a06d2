import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ProtocolError } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sources } from "../../../tools/launch.mjs";
import { temporaryDirectory } from "../test/lmdb-harness.ts";
import { LmdbLog } from "./lmdb-log.ts";

async function withDirectory(run: (path: string) => Promise<void>): Promise<void> {
  const path = await temporaryDirectory();
  await run(path);
  await rm(path, { recursive: true });
}

async function removeLocks(path: string): Promise<void> {
  for (const name of await readdir(path)) if (name.startsWith("lock")) await rm(join(path, name));
}

/** The outcome of an append: `stored`, or the code of the error. */
async function outcomeOf(log: LmdbLog): Promise<string> {
  return log.append("a", [{ json: "1" }]).then(
    () => "stored",
    ({ code, message }: ProtocolError) => `${code}: ${message}`,
  );
}

const logSource = new URL("lmdb-log.ts", import.meta.url).href;

/** Open the directory in another process, and return the outcome. */
async function openedElsewhere(path: string): Promise<string> {
  const code = `
    import { LmdbLog } from ${JSON.stringify(logSource)};
    await LmdbLog.open(${JSON.stringify(path)}).then(
      (log) => log.append("a", [{ json: "2" }]).then(() => log.dispose()).then(() => console.log("written")),
      (error) => console.log(error.message),
    );`;
  const child = spawn(process.execPath, [...sources, "--input-type=module", "--eval", code]);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  await once(child, "close");
  return output.trim();
}

test("if the lock is removed while a log is open, the log rejects writes", () =>
  withDirectory(async (path) => {
    const log = await LmdbLog.open(path);
    assert.is(await outcomeOf(log), "stored");
    await removeLocks(path);
    if (process.platform === "linux") assert.match(await openedElsewhere(path), "is in use by");
    assert.match(await outcomeOf(log), /^unavailable: .*The lock .* was removed or replaced/);
    assert.match(await log.remove("a").then(String, (error: Error) => error.message), "was removed");
    const { messages } = await log.read("a", "start", { maxMessages: 9 });
    assert.is(messages.length, 1, "reads continue");
    await log.dispose();
    assert.is(await openedElsewhere(path), "written", "the next process can open the log");
  }));

test("a log stays read-only even if its lock is put back", () =>
  withDirectory(async (path) => {
    const log = await LmdbLog.open(path);
    await rename(join(path, "lock.1"), join(path, "elsewhere"));
    assert.match(await outcomeOf(log), "unavailable");
    await rename(join(path, "elsewhere"), join(path, "lock.1"));
    assert.match(await outcomeOf(log), "unavailable");
    await log.dispose();
  }));

test("a log rejects writes after its data file was removed or replaced", () =>
  withDirectory(async (path) => {
    const log = await LmdbLog.open(path);
    await rename(join(path, "data.mdb"), join(path, "other.mdb"));
    assert.match(await outcomeOf(log), "unavailable");
    await log.dispose();
  }));

test.run();
