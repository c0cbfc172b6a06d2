import { join } from "node:path";
import { DirectoryLock } from "../directory-lock.ts";
import { assertExists, DATA_FILE } from "../store/data-file.ts";
import { IS_LAYOUT_KNOWN } from "./assert-intact.ts";
import { type Damage, Inspection, type OnProgress } from "./inspection.ts";
import { type Repair, repair } from "./repair.ts";
import { Survey } from "./survey.ts";

/** Options of {@link checkLog}. */
export interface CheckOptions {
  /** If something is damaged, copy all intact records to a new file. @defaultValue false */
  readonly repair?: boolean;
  /** Receives the number of pages read so far, and the total. */
  readonly onProgress?: OnProgress;
}

/** The result of {@link checkLog}. */
export interface CheckReport {
  readonly file: string;
  readonly bytes: number;
  readonly channels: number;
  /** The number of intact, reachable messages. */
  readonly messages: number;
  /** Empty if the file is intact. */
  readonly damage: readonly Damage[];
  /** Channels with missing messages, and how many each. */
  readonly missing: readonly { readonly channel: string; readonly messages: number }[];
  /** Present if something was damaged and `repair` was set. */
  readonly repaired?: Repair;
}

/**
 * Read a whole on-disk log that no process has open, and report damage.
 *
 * A repair writes all intact records to a new file, which replaces the damaged file; the damaged file is kept
 * beside it. Channels that lost nothing keep their cursors. In the others every cursor becomes a gap
 * (`epoch`).
 *
 * @throws Error if there is no log, a process has it open, or the new file cannot be written
 */
export async function checkLog(directory: string, options: CheckOptions = {}): Promise<CheckReport> {
  const { onProgress = () => {} } = options;
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
