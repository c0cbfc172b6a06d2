import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { temporaryDirectory } from "../../test/lmdb-harness.ts";
import { LmdbLog } from "../lmdb-log.ts";
import { checkLog } from "./check-log.ts";
import { HEADER_BYTES, number } from "./meta-page.ts";

const LAST_PAGE = HEADER_BYTES + 120;
const TXN = HEADER_BYTES + 128;
const MESSAGES = 120;

test("a damaged page count costs no message", async () => {
  const directory = await temporaryDirectory();
  const path = join(directory, "data.mdb");
  const texts = Array.from({ length: MESSAGES }, (_, i) =>
    JSON.stringify(`${i} ${"x".repeat(i % 10 === 0 ? 9_000 : 300)}`),
  );
  let log = await LmdbLog.open(directory);
  for (const json of texts) await log.append("a", [{ json }]);
  await log.dispose();

  const bytes = await readFile(path);
  const pageSize = bytes.readUInt32LE(HEADER_BYTES + 24);
  const latest = number(bytes, TXN) > number(bytes, pageSize + TXN) ? 0 : pageSize;
  bytes.writeUInt32LE(3, latest + LAST_PAGE);
  await writeFile(path, bytes);

  const report = await checkLog(directory, { repair: true });
  assert.ok(report.damage.length > 0);
  log = await LmdbLog.open(directory);
  const { messages } = await log.read("a", "start", { maxMessages: 1_000 });
  assert.equal(
    messages.map(({ json }) => json),
    texts,
  );
  await log.dispose();
  await rm(directory, { recursive: true });
});

test.run();
