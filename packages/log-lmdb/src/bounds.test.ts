import { rm } from "node:fs/promises";
import type { ProtocolError } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { temporaryDirectory } from "../test/lmdb-harness.ts";
import { LmdbLog, type LmdbLogOptions } from "./lmdb-log.ts";

async function withDirectory(
  run: (open: (options: LmdbLogOptions) => Promise<LmdbLog>) => Promise<void>,
): Promise<void> {
  const directory = await temporaryDirectory();
  await run((options) => LmdbLog.open(directory, options));
  await rm(directory, { recursive: true });
}

async function outcomeOf(log: LmdbLog, channel: string, json = "1"): Promise<string> {
  return log.append(channel, [{ json }]).then(
    () => "stored",
    ({ code, retryAfterS }: ProtocolError) => `${code} ${retryAfterS}`,
  );
}

test("`maxChannels` bounds the channels; a removal frees a place, also after reopening", () =>
  withDirectory(async (open) => {
    let log = await open({ maxChannels: 2 });
    assert.equal(await Promise.all(["a", "b", "c"].map((name) => outcomeOf(log, name))), [
      "stored",
      "stored",
      "storage-full undefined",
    ]);
    assert.is(await outcomeOf(log, "a"), "stored", "to an existing channel");
    await log.dispose();
    log = await open({ maxChannels: 2 });
    assert.is(await outcomeOf(log, "c"), "storage-full undefined");
    assert.is(await log.remove("a"), true);
    assert.is(await outcomeOf(log, "c"), "stored");
    assert.is(await outcomeOf(log, "a"), "storage-full undefined");
    await log.dispose();
  }));

test("`maxBytes` bounds the bytes; retention and a removal free space", () =>
  withDirectory(async (open) => {
    const long = JSON.stringify("x".repeat(98));
    let log = await open({ maxBytes: 250 });
    assert.is(await outcomeOf(log, "a", long), "stored");
    assert.is(await outcomeOf(log, "b", long), "stored");
    assert.is(await outcomeOf(log, "a", long), "storage-full undefined");
    await log.dispose();
    log = await open({ maxBytes: 250 });
    assert.is(await outcomeOf(log, "c", long), "storage-full undefined");
    await log.remove("a");
    assert.is(await outcomeOf(log, "c", long), "stored");
    await log.dispose();
  }));

test.run();
