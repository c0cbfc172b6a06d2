import { join } from "node:path";
import type { CheckOptions, CheckReport } from "@tidemark/log";
import { DirectoryLock } from "../directory-lock.ts";
import { placeOf } from "../open-log.ts";
import { assertExists, DATA_FILE } from "../store/data-file.ts";
import { IS_LAYOUT_KNOWN } from "./assert-intact.ts";
import { Inspection, type OnProgress } from "./inspection.ts";
import { repair } from "./repair.ts";
import { Survey } from "./survey.ts";

/**
 * Read a whole on-disk log that no process has open, and report damage. `name` is its directory, or `lmdb:directory`.
 *
 * A repair writes all intact records to a new file, which replaces the damaged file; the damaged file is kept
 * beside it. Channels that lost nothing keep their cursors. In the others every cursor becomes a gap
 * (`epoch`).
 *
 * @throws Error if there is no log, a process has it open, or the new file cannot be written
 */
export async function checkLog(name: string, options: CheckOptions = {}): Promise<CheckReport> {
  const { onProgress = () => {} } = options;
  const { directory } = placeOf(name);
  await assertExists(directory);
  if (!IS_LAYOUT_KNOWN)
    throw new Error(`This machine's architecture (${process.arch}) is not supported by the check`);
  const lock = await DirectoryLock.acquire(directory);
  try {
    const report = await inspect(join(directory, DATA_FILE), onProgress);
    const isDamaged = report.damage.length + report.missing.length > 0;
    if (!isDamaged || options.repair !== true) return report;
    return { ...report, repaired: await repair(directory, onProgress) };
  } finally {
    await lock.release();
  }
}

async function inspect(file: string, onProgress: OnProgress): Promise<CheckReport> {
  const inspection = new Inspection(file, onProgress);
  try {
    const survey = new Survey();
    for await (const record of inspection.reached()) survey.add(record);
    const missing = [...survey.missing()].map(([key, messages]) => ({ channel: key.slice(1), messages }));
    const { damage, file: pages } = inspection;
    const { channels, messages } = survey;
    return { file, bytes: pages.bytes, channels, messages, damage, missing };
  } finally {
    inspection.close();
  }
}
