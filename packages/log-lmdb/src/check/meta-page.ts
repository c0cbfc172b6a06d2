import type { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import type { PageFile } from "./page-file.ts";

const MAGIC = 0xbeefc0de;
/** Version 2 of the layout, without lmdb's flag for development versions. */
const VERSION = 2;
export const HEADER_BYTES = 24;
const META_BYTES = 168;
const DB_BYTES = 48;
const P_META = 8;
/** lmdb-js's flag for a state that may not be synced yet. */
const OVERLAPPING = 0x1000;
/** The flag of the free-page table, whose keys are integers. */
const INTEGER_KEYS = 8;
/** How far the last page may be beyond the file's end: lmdb does not write pages that were freed again. */
const MAX_BEYOND_BYTES = 2 ** 30;
const MIN_PAGE = 256;
const MAX_PAGE = 65_536;

/** lmdb's description of a tree. */
export interface Tree {
  readonly flags: number;
  readonly depth: number;
  /** The root page; `undefined` for an empty tree. */
  readonly root: number | undefined;
}

/** One state of a file. */
export interface Meta {
  readonly pageSize: number;
  readonly lastPage: number;
  readonly txn: number;
  readonly isFlushed: boolean;
  readonly boot: bigint;
  readonly free: Tree;
  readonly main: Tree;
}

/** A meta page is damaged. */
export class MetaFault extends Error {}

/** The states that lmdb may open, the one that it prefers first. @throws MetaFault */
export function readMetas(file: PageFile): [Meta, ...Meta[]] {
  const first = parseMeta(file.slice(0, META_BYTES));
  file.pageSize = first.pageSize;
  const second = parseMeta(file.slice(first.pageSize, META_BYTES));
  if (second.pageSize !== first.pageSize) throw new MetaFault("its two meta pages have different page sizes");
  assertFollowing(first, second);
  const half = file.slice(first.pageSize / 2 + HEADER_BYTES, META_BYTES - HEADER_BYTES);
  const flushed = parseFlushed(half, first.pageSize);
  if (flushed !== undefined) assertFlushed(flushed, first, second);
  for (const meta of [first, second, flushed]) if (meta !== undefined) assertWithin(meta, file.bytes);
  const opened = inOrder(first, second, flushed);
  // After a power failure, the pages of a state that lmdb does not open may be missing.
  const isSameBoot = opened[0].boot !== 0n && opened[0].boot === bootOf();
  for (const meta of isSameBoot ? [...opened, first, second] : opened) assertOwnRoots(meta, file);
  return opened;
}

/** Where a page has the number of the transaction that wrote it. */
const PAGE_TXN = 8;

/**
 * Each transaction writes the root of a tree, with its own number. If a state's number differs, it is damaged:
 * lmdb would take an older state for the latest.
 */
function assertOwnRoots({ free, main, txn }: Meta, file: PageFile): void {
  const roots = [free.root, main.root].filter((root) => root !== undefined);
  const headers = roots.map((root) => file.slice(root * file.pageSize, HEADER_BYTES));
  const txns = headers.filter(({ length }) => length === HEADER_BYTES).map((page) => number(page, PAGE_TXN));
  if (roots.length > 0 && Math.max(...txns) !== txn)
    throw new MetaFault("the transaction number of a meta page is not that of its pages");
}

/** lmdb maps as much memory as each of the three states needs, also one that it does not open. */
function assertWithin({ lastPage, pageSize }: Meta, fileBytes: number): void {
  if (lastPage * pageSize > fileBytes + MAX_BEYOND_BYTES) throw new MetaFault("the file is truncated");
}

/** The flushed state is not later than both others. */
function assertFlushed(flushed: Meta, first: Meta, second: Meta): void {
  if (flushed.txn > Math.max(first.txn, second.txn))
    throw new MetaFault("its flushed state is later than its meta pages");
}

/**
 * The meta pages are written alternately. Any other difference is damage, which would make lmdb open the
 * older state.
 */
function assertFollowing(first: Meta, second: Meta): void {
  const isFollowing = Math.abs(first.txn - second.txn) <= 1 && first.txn % 2 === 0;
  if (!isFollowing) throw new MetaFault("its two meta pages do not belong together");
}

/**
 * Order the states as lmdb-js prefers them: the latest within one boot of the system, else the flushed one.
 */
function inOrder(first: Meta, second: Meta, flushed: Meta | undefined): [Meta, ...Meta[]] {
  const boot = bootOf();
  const pick = (a: Meta, b: Meta): Meta => {
    const latest = a.txn >= b.txn ? a : b;
    if (b.txn === 0) return a;
    if ((latest.boot !== 0n && latest.boot === boot) || latest.isFlushed) return latest;
    return a.txn > b.txn ? b : a;
  };
  const chosen = pick(first, second);
  const final = flushed === undefined ? chosen : pick(chosen, flushed);
  if (boot !== undefined) return [final];
  const latest = first.txn >= second.txn ? first : second;
  return [final, latest];
}

/** The id of this boot of the system, as lmdb reads it; `undefined` if unknown. */
function bootOf(): bigint | undefined {
  if (process.platform === "win32") return 0n;
  if (process.platform !== "linux") return undefined;
  const [digits = ""] = /^[0-9a-f]+/.exec(readFileSync("/proc/sys/kernel/random/boot_id", "utf8")) ?? [];
  return BigInt(`0x${digits}`);
}

function parseMeta(page: Buffer): Meta {
  if (page.length < META_BYTES) throw new MetaFault("its meta pages are truncated");
  if (page.readUInt16LE(18) !== P_META || page.readUInt32LE(HEADER_BYTES) !== MAGIC)
    throw new MetaFault("its header is invalid");
  if ((page.readUInt32LE(HEADER_BYTES + 4) & 0xffff) !== VERSION)
    throw new MetaFault("it has an unsupported version of lmdb's layout");
  const meta = parseFields(page.subarray(HEADER_BYTES));
  if (meta === undefined) throw new MetaFault("its meta pages contain impossible numbers");
  return meta;
}

/** lmdb-js stores the last flushed state in the second half of the first page; there may be none yet. */
function parseFlushed(fields: Buffer, pageSize: number): Meta | undefined {
  if (fields.length < META_BYTES - HEADER_BYTES || number(fields, 128) === 0) return undefined;
  const meta = parseFields(fields);
  if (meta?.pageSize !== pageSize) throw new MetaFault("its first page contains impossible numbers");
  return meta;
}

function parseFields(fields: Buffer): Meta | undefined {
  const pageSize = fields.readUInt32LE(24);
  const isPower = pageSize >= MIN_PAGE && pageSize <= MAX_PAGE && (pageSize & (pageSize - 1)) === 0;
  const lastPage = number(fields, 120);
  const free = parseTree(fields, 24);
  const main = parseTree(fields, 24 + DB_BYTES);
  if (!isPower || lastPage < 1 || (free.flags & ~OVERLAPPING) !== INTEGER_KEYS || main.flags !== 0)
    return undefined;
  return {
    ...{ pageSize, lastPage, txn: number(fields, 128), boot: fields.readBigInt64LE(136), free, main },
    isFlushed: (free.flags & OVERLAPPING) === 0,
  };
}

/** The description of a tree, in a meta page or under the name of a table. */
export function parseTree(bytes: Buffer, at: number): Tree {
  const root = bytes.readBigUInt64LE(at + 40);
  return {
    flags: bytes.readUInt16LE(at + 4),
    depth: bytes.readUInt16LE(at + 6),
    root: root === 0xffff_ffff_ffff_ffffn ? undefined : Number(root),
  };
}

/** A 64-bit number. Precision may be lost for values too large for a page or transaction number. */
export function number(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at + 4) * 2 ** 32 + bytes.readUInt32LE(at);
}
