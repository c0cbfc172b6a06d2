import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Log } from "@tidemark/log";
import { LmdbLog } from "@tidemark/log-lmdb";
import { MemoryLog } from "@tidemark/log-memory";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { NatsServer } from "../../../../testing/engines/nats-server.ts";
import { RedisServer } from "../../../../testing/engines/redis-server.ts";
import { mainOf } from "../../../../tools/launch.mjs";
import { drafts, failureOf, positionsAfter, until } from "../../../log/test/steps.ts";
import { openLog } from "../logs/open-log.ts";
import { copyChannel } from "./copy-channel.ts";

const ALL = { maxMessages: 1_000_000 } as const;
const KEEP_ALL = { retention: { maxMessages: null, maxBytes: null }, keyTtlMs: 1_000 } as const;

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-copy-"));
  await run(folder).finally(() => rm(folder, { recursive: true }));
}

async function withLog(name: string, run: (log: Log) => Promise<void>): Promise<void> {
  const log = await openLog(name, KEEP_ALL);
  await run(log).finally(() => log.dispose());
}

function startCopy(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [...mainOf("packages/server"), "copy", ...args]);
}

async function copy(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = startCopy(...args);
  const said = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text) => (said.stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text) => (said.stderr += text));
  const [code] = await once(child, "close");
  return { code, ...said };
}

test("channels move from disk to Redis and back, and every cursor stays valid", () =>
  withFolder(async (folder) => {
    const redis = await RedisServer.start();
    const names = [`lmdb:${folder}/old`, redis.url, `lmdb:${folder}/new`] as const;
    let positions: readonly string[] = [];
    await withLog(names[0], async (log) => {
      positions = await positionsAfter(log, "news", 5);
      await log.append("sport", drafts(1, 2, 3), { close: true });
    });
    for (const [from, to] of [names.slice(0, 2), names.slice(1)] as [string, string][]) {
      const { code, stdout, stderr } = await copy("--from", from, "--to", to);
      assert.is(code, 0, stderr);
      assert.match(stdout, "news: 5 messages; all valid cursors stay valid in the target");
      assert.match(stdout, "2 channels, 8 messages copied, 0 channels failed");
    }
    await withLog(names[2], async (log) => {
      for (const [i, position] of positions.entries())
        assert.is((await log.read("news", position, ALL)).messages.length, 5 - i);
      assert.is((await log.read("sport", "end", ALL)).closed, true);
    });
    await redis.stop();
  }));

test("channels move from NATS to disk, to Redis and to NATS under new cursors", () =>
  withFolder(async (folder) => {
    const [redis, nats, other] = await Promise.all([
      RedisServer.start(),
      NatsServer.start(),
      NatsServer.start(),
    ]);
    await withLog(nats.url, async (log) => {
      await positionsAfter(log, "news", 5);
      await log.append("sport", drafts(1, 2, 3), { close: true });
      await log.append("gone", drafts(1));
      await log.remove("gone");
    });
    for (const to of [`lmdb:${folder}/new`, redis.url, other.url]) {
      const { code, stdout, stderr } = await copy("--from", nats.url, "--to", to);
      assert.is(code, 0, stdout + stderr);
      assert.match(stdout, "news: 5 messages under new cursors");
      assert.match(stdout, "2 channels, 8 messages copied, 0 channels failed");
      await withLog(to, async (log) => {
        const { messages } = await log.read("news", "start", ALL);
        assert.equal(
          messages.map(({ json }) => json),
          ["1", "2", "3", "4", "5"],
        );
        assert.is((await log.read("sport", "end", ALL)).closed, true);
      });
    }
    await Promise.all([redis.stop(), nats.stop(), other.stop()]);
  }));

test("a second copy resumes where the first ended, and leaves other channels alone", () =>
  withFolder(async (folder) => {
    const [from, to] = [`lmdb:${folder}/old`, `lmdb:${folder}/new`];
    await withLog(from, async (log) => {
      for (const name of ["news", "taken"]) await log.append(name, drafts(1, 2));
    });
    await withLog(to, async (log) => {
      await log.append("taken", drafts(7));
    });
    assert.is((await copy("--from", from, "--to", to, "news")).code, 0);
    await withLog(from, async (log) => {
      await log.append("news", drafts(3));
    });
    const { code, stdout } = await copy("--from", from, "--to", to, "news", "taken", "nothing");
    assert.is(code, 1);
    assert.match(stdout, /^news: 1 messages/m);
    assert.match(stdout, /^taken: NOT COPIED: the target has a different channel of this name/m);
    assert.match(stdout, /^nothing: NOT COPIED: the channel was never written to/m);
    await withLog(to, async (log) => {
      const dataOf = async (name: string) =>
        (await log.read(name, "start", ALL)).messages.map(({ json }) => json);
      assert.equal(await dataOf("news"), ["1", "2", "3"]);
      assert.equal(await dataOf("taken"), ["7"]);
    });
  }));

test("if the target cannot store the cursors, messages get new ones and old ones are a gap", () =>
  withFolder(async (folder) => {
    const source = await LmdbLog.open(`${folder}/old`);
    const target = new MemoryLog();
    const [, first = ""] = await positionsAfter(source, "news", 3);
    await source.append("news", [], { close: true });
    assert.equal(await copyChannel(source, target, "news"), { cursors: "new", messages: 3 });
    assert.is(await failureOf(target.read("news", first, ALL)), "gap");
    const { messages, closed } = await target.read("news", "start", ALL);
    assert.equal([messages.map(({ json }) => json), closed], [["1", "2", "3"], true]);
    assert.match(
      String(await failureOf(copyChannel(source, target, "news"))),
      "a different channel of this name",
    );
    await source.dispose();
  }));

test("an interrupted copy says so, and the same command finishes it", () =>
  withFolder(async (folder) => {
    const [from, to] = [`lmdb:${folder}/old`, `lmdb:${folder}/new`];
    const many = Array.from({ length: 1_000 }, (_, i) => ({
      json: JSON.stringify(`${i} ${"x".repeat(100)}`),
    }));
    await withLog(from, async (log) => {
      for (let thousands = 0; thousands < 100; thousands++) await log.append("news", many);
    });
    const child = startCopy("--from", from, "--to", to);
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (text) => (said += text));
    await until("the copy to begin", async () => (await readdir(folder)).includes("new"));
    await until("a file", async () => (await readdir(`${folder}/new`)).includes("data.mdb"));
    child.kill("SIGINT");
    const [code] = await once(child, "close");
    assert.is(code, 130, said);
    assert.match(said, "interrupted");
    assert.is((await copy("--from", from, "--to", to)).code, 0);
    await withLog(to, async (log) => {
      const { cursor } = await log.read("news", "end", ALL);
      assert.match(cursor, /\.100000\./);
    });
  }));

for (const [args, said] of [
  [["--from", "lmdb:/nowhere/tidemark", "--to", "lmdb:/tmp/nothing"], "There is no log in /nowhere/tidemark"],
  [["--from", "lmdb:a", "--to", "lmdb:a"], "are the same log"],
  [["--from", "memory", "--to", "lmdb:a"], "in memory cannot be copied"],
  [["--to", "lmdb:a"], "--from"],
] as const)
  test(`copy ${args.join(" ")} is rejected`, async () => {
    const { code, stderr } = await copy(...args);
    assert.is(code, 1);
    assert.match(stderr, said);
    assert.not.match(stderr, /^\s+at /m, "no stack");
  });

test.run();
