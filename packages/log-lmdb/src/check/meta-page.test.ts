import { Buffer } from "node:buffer";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { temporaryDirectory } from "../../test/lmdb-harness.ts";
import { LmdbLog } from "../lmdb-log.ts";
import { HEADER_BYTES, MetaFault, readMetas } from "./meta-page.ts";
import { PageFile } from "./page-file.ts";

const LAST_PAGE = HEADER_BYTES + 120;
const TXN = HEADER_BYTES + 128;
/** From this bit on, a flip in a page number adds a gibibyte or more. */
const FIRST_HIGH_BIT = 19;
const BITS = 64;

/** The fault of a file with these bytes; undefined if it is accepted. */
async function faultOf(path: string, bytes: Buffer): Promise<string | undefined> {
  await writeFile(path, bytes);
  const file = new PageFile(path);
  try {
    readMetas(file);
    return undefined;
  } catch (error) {
    if (error instanceof MetaFault) return error.message;
    throw error;
  } finally {
    file.close();
  }
}

/** Run with the bytes of a closed log's file, and with the places of its three states. */
async function withFile(
  run: (path: string, whole: Buffer, states: readonly [number, number, number]) => Promise<void>,
  appends = 5,
): Promise<void> {
  const directory = await temporaryDirectory();
  const log = await LmdbLog.open(directory);
  for (let i = 0; i < appends; i++) await log.append("a", [{ json: String(i) }]);
  await log.dispose();
  const whole = await readFile(join(directory, "data.mdb"));
  const pageSize = whole.readUInt32LE(HEADER_BYTES + 24);
  await run(join(directory, "copy.mdb"), whole, [0, pageSize / 2, pageSize]);
  await rm(directory, { recursive: true });
}

function flipped(whole: Buffer, at: number, bit: number): Buffer {
  const bytes = Buffer.from(whole);
  bytes[at + (bit >> 3)] = (bytes[at + (bit >> 3)] ?? 0) ^ (1 << (bit & 7));
  return bytes;
}

test("no state may need much more memory than the file has, not even one that is not opened", () =>
  withFile(async (path, whole, states) => {
    assert.is(await faultOf(path, whole), undefined);
    for (const state of states)
      for (let bit = FIRST_HIGH_BIT; bit < BITS; bit++)
        assert.is(
          await faultOf(path, flipped(whole, state + LAST_PAGE, bit)),
          "the file is truncated",
          `${state} ${bit}`,
        );
  }));

// Which flips make two numbers change places depends on their lowest bits, so there are several pairs.
for (const appends of [5, 6, 7, 8, 9])
  test(`damage to the number of a state never makes an older one count (${appends} appends)`, () =>
    withFile(async (path, whole, [first, , second]) => {
      for (const state of [first, second])
        for (let bit = 0; bit < BITS; bit++)
          assert.ok(await faultOf(path, flipped(whole, state + TXN, bit)), `${state}, bit ${bit}`);
    }, appends));

test.run();
