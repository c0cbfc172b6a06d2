import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sources } from "../../../tools/launch.mjs";
import { temporaryDirectory } from "../test/lmdb-harness.ts";
import { DirectoryLock } from "./directory-lock.ts";

const directories: string[] = [];

async function directory(): Promise<string> {
  const made = await temporaryDirectory();
  directories.push(made);
  return made;
}

test.after(async () => {
  for (const made of directories) await rm(made, { recursive: true });
});

const lockSource = new URL("directory-lock.ts", import.meta.url).href;

/** A process that locks a directory, prints success or the error, and holds the lock until it is killed. */
function locker(path: string): readonly string[] {
  const code = `
    import { DirectoryLock } from ${JSON.stringify(lockSource)};
    await DirectoryLock.acquire(${JSON.stringify(path)}).then(
      () => { console.log("locked"); setInterval(() => {}, 1000); },
      (error) => console.log(error.message),
    );`;
  return [...sources, "--input-type=module", "--eval", code];
}

async function acquired(path: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, locker(path));
  return stdout.trim();
}

async function message(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => "no failure",
    (error: Error) => error.message,
  );
}

test("a second process is rejected with the holder's pid", async () => {
  const path = await directory();
  const lock = await DirectoryLock.acquire(path);
  const expected = `The log in ${path} is in use by process ${process.pid}: one process at a time can open it`;
  assert.is(await acquired(path), expected);
  assert.is(await message(DirectoryLock.acquire(path)), expected, "this process is rejected too");
  await lock.release();
  assert.equal(await readdir(path), ["lock.2"], "a plain file");
  await (await DirectoryLock.acquire(path)).release();
});

test("a killed process's lock is taken over by exactly one of many", async () => {
  const path = await directory();
  const child = spawn(process.execPath, locker(path));
  await once(child.stdout, "data");
  assert.match(await message(DirectoryLock.acquire(path)), `in use by process ${child.pid}`);
  child.kill("SIGKILL");
  await once(child, "close");
  assert.equal(await readdir(path), ["lock.1"], "the crashed process's lock file is left");
  const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => DirectoryLock.acquire(path)));
  const locks = attempts.flatMap((attempt) => (attempt.status === "fulfilled" ? [attempt.value] : []));
  assert.is(locks.length, 1);
  assert.equal(await readdir(path), ["lock.2"]);
  for (const lock of locks) await lock.release();
});

test("a stopped process keeps the lock", async () => {
  const path = await directory();
  const child = spawn(process.execPath, locker(path));
  await once(child.stdout, "data");
  child.kill("SIGSTOP");
  assert.match(await message(DirectoryLock.acquire(path)), "in use by another process");
  child.kill("SIGKILL");
  await once(child, "close");
});

test("the path may be longer than the limit for sockets", async () => {
  const path = join(await directory(), "x".repeat(120), "y".repeat(120));
  const lock = await DirectoryLock.acquire(path);
  assert.match(await message(DirectoryLock.acquire(path)), `in use by process ${process.pid}`);
  await lock.release();
  assert.equal(await readdir(path), ["lock.2"]);
});

test("a lock file without a listener is removed", async () => {
  const path = await directory();
  await writeFile(join(path, "lock.4"), "");
  await (await DirectoryLock.acquire(path)).release();
  assert.equal(await readdir(path), ["lock.6"]);
  await mkdir(join(path, "lock.9"));
  assert.not.match(await message(DirectoryLock.acquire(path)), "no failure", "a folder is not removed");
});

test.run();
