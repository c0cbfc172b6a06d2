import { join } from "node:path";
import { DirectoryLock } from "../directory-lock.ts";
import { assertExists, DATA_FILE } from "../store/data-file.ts";
import { IS_LAYOUT_KNOWN } from "./assert-intact.ts";
import { type Damage, Inspection, type OnProgress } from "./inspection.ts";
import { type Repair, repair } from "./repair.ts";
import { Survey } from "./survey.ts";

/** Options of {@link checkLog}. */
export interface CheckOptions {
  /** Whether to put what is intact into a new file, if something is damaged. @defaultValue false */
  readonly repair?: boolean;
  /** Told of the pages that were looked at, of so many. */
  readonly onProgress?: OnProgress;
}

/** What {@link checkLog} found. */
export interface CheckReport {
  readonly file: string;
  readonly bytes: number;
  readonly channels: number;
  /** Messages that are intact, and can be reached. */
  readonly messages: number;
  /** Empty if all is well. */
  readonly damage: readonly Damage[];
  /** Channels that lack messages, and how many. */
  readonly missing: readonly { readonly channel: string; readonly messages: number }[];
  /** Present if something was damaged and a repair was asked for. */
  readonly repaired?: Repair;
}

/**
 * Read all of a log on disk that no process has open, and tell what is damaged.
 *
 * A repair writes what is intact to a new file, which then takes the place of the damaged one; that stays beside it.
 * Channels that lost nothing keep their cursors; of the others every cursor becomes a gap (`epoch`).
 *
 * @throws Error if there is no log, a process has it open, or the new file cannot be written
 */
export async function checkLog(directory: string, options: CheckOptions = {}): Promise<CheckReport> {
  const { onProgress = () => {} } = options;
  await assertExists(directory);
  if (!IS_LAYOUT_KNOWN) throw new Error(`Files of ${process.arch} machines cannot be checked`);
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
