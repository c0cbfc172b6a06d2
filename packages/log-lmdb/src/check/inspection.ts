import type { Buffer } from "node:buffer";
import type { Damage } from "@tidemark/log";
import { parseState } from "../store/channel-state.ts";
import { type Meta, MetaFault, readMetas } from "./meta-page.ts";
import { PageFile } from "./page-file.ts";
import { isTable, messageKeyOf, type RawRecord, recordOf, textOf } from "./raw-record.ts";
import { type Node, type PageBounds, parseNode } from "./tree-page.ts";
import { TreeWalk } from "./tree-walk.ts";

/** Receives the number of pages read so far, and the total, from time to time. */
export type OnProgress = (done: number, total: number) => void;

const NODE_STEP = 2; // nodes begin at even offsets
const GUESSED_PAGE_BYTES = 4_096;
const PAGES_PER_TURN = 256;

/**
 * Finds the records of a file: first those that lmdb can reach, then, if something is damaged, other intact
 * ones.
 */
export class Inspection {
  readonly damage: Damage[] = [];
  readonly file: PageFile;
  #bounds: PageBounds;
  #walk: TreeWalk | undefined;
  readonly #onProgress: OnProgress;
  /** Damaged pages. Their nodes are searched for at every offset. */
  readonly #broken = new Set<number>();

  constructor(path: string, onProgress: OnProgress) {
    this.file = new PageFile(path);
    this.file.pageSize = GUESSED_PAGE_BYTES;
    this.#bounds = { pageSize: GUESSED_PAGE_BYTES, lastPage: this.file.pages, txn: Number.POSITIVE_INFINITY };
    this.#onProgress = onProgress;
  }

  close(): void {
    this.file.close();
  }

  /** The intact records that lmdb can reach. Records damage in {@link damage}. */
  async *reached(): AsyncGenerator<RawRecord> {
    const meta = this.#meta();
    if (meta === undefined) return;
    this.#bounds = { ...meta, lastPage: Math.min(meta.lastPage, this.file.pages) };
    const found: RawRecord[] = [];
    const walk = new TreeWalk(this.file, meta, {
      damaged: (page, table, fault) => this.#note(page, table, fault),
      record: (table, node, page) => this.#take(table, node, page, found),
    });
    this.#walk = walk;
    for (const _ of walk.walk()) {
      yield* found.splice(0);
      this.#onProgress(walk.walked, this.file.pages);
      await new Promise(setImmediate);
    }
    yield* found;
  }

  /**
   * The intact records of unreachable pages that are not free, latest first: pages below a damaged page. Also
   * the intact records on damaged pages.
   */
  async *stranded(): AsyncGenerator<RawRecord> {
    this.#bounds = { ...this.#bounds, lastPage: this.file.pages }; // the page count may be what is damaged
    const pages = this.#strandedPages();
    for (const [i, page] of pages.entries()) {
      yield* this.#nodesOf(page);
      if (i % PAGES_PER_TURN > 0) continue;
      this.#onProgress(i, pages.length);
      await new Promise(setImmediate);
    }
  }

  #meta(): Meta | undefined {
    try {
      return readMetas(this.file)[0];
    } catch (error) {
      if (!(error instanceof MetaFault)) throw error;
      this.#note(0, "first pages", error.message);
      return undefined;
    }
  }

  #take(table: string, node: Node, page: number, found: RawRecord[]): void {
    const text = isTable(table) ? textOf(table, node, this.file, this.#bounds) : undefined;
    if (!isTable(table)) this.#note(page, table, "the table is unknown");
    else if (text === undefined) this.#note(page, table, `${describe(table, node.key)} has a wrong checksum`);
    else found.push({ table, key: node.key, text });
  }

  #note(page: number, table: string, fault: string): void {
    this.#broken.add(page);
    this.damage.push({ page, table, fault });
  }

  #strandedPages(): number[] {
    const pages: { readonly page: number; readonly txn: number }[] = [];
    for (let page = 2; page < Math.ceil(this.file.bytes / this.file.pageSize); page++) {
      const isKnown = this.#walk?.isKnown(page) === true && !this.#broken.has(page);
      if (isKnown) continue;
      const head = this.file.page(page);
      pages.push({ page, txn: head.length < 16 ? 0 : Number(head.readBigUInt64LE(8)) });
    }
    return pages.sort((a, b) => b.txn - a.txn).map(({ page }) => page);
  }

  /** The records with a valid checksum at any offset of a page. */
  *#nodesOf(number: number): Generator<RawRecord> {
    const page = this.file.page(number);
    for (let at = 0; at < page.length; at += NODE_STEP) {
      const node = parseNode(page, at, true);
      if (node === undefined || (node.flags === 0 && node.size < 5)) continue;
      const record = recordOf(node, this.file, this.#bounds);
      if (record !== undefined) yield record;
    }
  }
}

/** Describe a record for people. */
function describe(table: string, key: Buffer): string {
  if (table !== "messages") return table === "channels" ? `channel ${key.toString().slice(1)}` : "a record";
  const [incarnation, seq] = messageKeyOf(key);
  return `message ${seq} of channel number ${incarnation}`;
}

/** The incarnation and message numbers in a channel's row. */
export function channelOf(row: string): {
  readonly incarnation: number;
  readonly first: number;
  readonly last: number;
} {
  const { incarnation, startSeq, endSeq } = parseState(row);
  return { incarnation, first: startSeq + 1, last: endSeq };
}
