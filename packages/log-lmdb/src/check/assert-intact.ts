import { endianness } from "node:os";
import { adviceOf } from "../store/failure.ts";
import { MetaFault, readMetas } from "./meta-page.ts";
import { PageFile } from "./page-file.ts";
import { isTable, textOf } from "./raw-record.ts";
import type { Node } from "./tree-page.ts";
import { TreeWalk } from "./tree-walk.ts";

/**
 * Whether this code can read the file layout, which depends on the machine's word size and byte order. On
 * other machines only the first bytes are checked.
 */
export const IS_LAYOUT_KNOWN: boolean =
  endianness() === "LE" && ["x64", "arm64", "riscv64", "loong64"].includes(process.arch);

/**
 * Verify that lmdb can open a file and reach every record without crashing the process: lmdb follows page
 * numbers in damaged pages even outside the file. Reads every page of the tables once, but no values on
 * separate pages. Damaged records of channels and keys are reported too: a channel with a damaged name would
 * appear empty.
 *
 * @throws Error that names the file, the damage, and what to do
 */
export async function assertIntact(path: string, directory: string): Promise<void> {
  if (!IS_LAYOUT_KNOWN) return;
  const file = new PageFile(path);
  const fail = (what: string): never => {
    throw new Error(`${path} is damaged: ${what}. ${adviceOf(directory)}`);
  };
  try {
    const damaged = (page: number, table: string, fault: string): never =>
      fail(`page ${page} (${table}): ${fault}`);
    for (const meta of readMetas(file)) {
      const record = (table: string, node: Node, page: number): void => {
        if (table === "messages") return; // messages are checked when they are read
        if (!isTable(table) || textOf(table, node, file, meta) === undefined)
          damaged(page, table, "a record is damaged");
      };
      for (const _ of new TreeWalk(file, meta, { damaged, record }).walk()) await new Promise(setImmediate);
    }
  } catch (error) {
    if (!(error instanceof MetaFault)) throw error;
    fail(error.message);
  } finally {
    file.close();
  }
}
