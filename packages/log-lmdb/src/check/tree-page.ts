import { Buffer } from "node:buffer";
import { HEADER_BYTES, number } from "./meta-page.ts";

const P_BRANCH = 1;
const P_LEAF = 2;
const P_OVERFLOW = 4;
/** Flag: the value of a node is on separate pages. */
export const BIG = 1;
/** Flag: the value of a node describes a tree. */
export const SUBTREE = 2;
const NODE_BYTES = 8;
const BIG_BYTES = 24;

/** A node of a page. */
export interface Node {
  readonly key: Buffer;
  readonly flags: number;
  /** The size of the value in bytes, wherever it is stored. */
  readonly size: number;
  /** The value, or its location. */
  readonly data: Buffer;
  /** The child page, if this is a node of a branch. */
  readonly child: number;
}

/** A readable page of a tree, or its fault. */
export type TreePage =
  | { readonly isLeaf: boolean; readonly nodes: readonly Node[]; readonly fault?: undefined }
  | { readonly fault: string };

/** The limits that a page is checked against. */
export interface PageBounds {
  readonly pageSize: number;
  readonly lastPage: number;
  readonly txn: number;
}

/** Parse a page of a tree, and verify everything that lmdb trusts. */
export function parseTreePage(page: Buffer, at: number, bounds: PageBounds): TreePage {
  const fault = headerFault(page, at, bounds);
  if (fault !== undefined) return { fault };
  const flags = page.readUInt16LE(18);
  if (flags !== P_BRANCH && flags !== P_LEAF) return { fault: "it is not a tree page" };
  const isLeaf = flags === P_LEAF;
  const [lower, upper] = [page.readUInt16LE(20), page.readUInt16LE(22)];
  const room = bounds.pageSize - HEADER_BYTES;
  const count = lower >> 1;
  if (lower % 2 === 1 || lower > upper || upper > room || count < 1)
    return { fault: "its record offsets are damaged" };
  const nodes: Node[] = [];
  let used = 0;
  for (let i = 0; i < count; i++) {
    const offset = page.readUInt16LE(HEADER_BYTES + 2 * i);
    if (offset < upper || offset % 2 === 1) return { fault: "its record offsets are damaged" };
    const node = parseNode(page, HEADER_BYTES + offset, isLeaf);
    if (node === undefined) return { fault: "a record extends beyond the page" };
    used += (NODE_BYTES + node.key.length + (isLeaf ? node.data.length : 0) + 1) & ~1;
    nodes.push(node);
  }
  if (used !== room - upper) return { fault: "its records overlap" };
  return { isLeaf, nodes };
}

function headerFault(page: Buffer, at: number, { pageSize, lastPage, txn }: PageBounds): string | undefined {
  if (at < 2 || at > lastPage) return "it is outside the file";
  if (page.length < pageSize) return "the file is truncated before it";
  if (number(page, 0) !== at) return "it has a wrong page number";
  // lmdb would treat a page of a later transaction as writable, and crash the process.
  if (number(page, 8) > txn) return "it belongs to a later transaction";
  if (page.readUInt16LE(16) !== 0) return "its header is damaged";
  return undefined;
}

/** The node at an offset of a page; `undefined` if it does not fit. */
export function parseNode(page: Buffer, at: number, isLeaf: boolean): Node | undefined {
  if (at + NODE_BYTES > page.length) return undefined;
  const [low, flags, keyBytes] = [
    page.readUInt32LE(at),
    page.readUInt16LE(at + 4),
    page.readUInt16LE(at + 6),
  ];
  const keyEnd = at + NODE_BYTES + keyBytes;
  if (keyEnd > page.length) return undefined;
  const key = page.subarray(at + NODE_BYTES, keyEnd);
  if (!isLeaf) return { key, flags: 0, size: 0, data: key, child: low + flags * 2 ** 32 };
  if (flags > SUBTREE || keyBytes === 0) return undefined;
  const end = keyEnd + (flags === BIG ? BIG_BYTES : low);
  if (end > page.length) return undefined;
  return { key, flags, size: low, data: page.subarray(keyEnd, end), child: 0 };
}

/** The location of a big node's value. */
export interface BigValue {
  readonly page: number;
  readonly pages: number;
}

/** The pages of a big node's value, or their fault. */
export function parseBigValue({ size, data }: Node, { pageSize, lastPage }: PageBounds): BigValue | string {
  const [page, pages] = [number(data, 0), number(data, 16)];
  if (pages !== Math.floor((HEADER_BYTES - 1 + size) / pageSize) + 1)
    return "a long record has a wrong length";
  if (page < 2 || page + pages - 1 > lastPage) return "a long record is outside the file";
  return { page, pages };
}

/** The fault of a big value's first page, if any; lmdb does not read the headers of the others. */
export function bigValueFault(
  first: Buffer,
  { page, pages }: BigValue,
  bounds: PageBounds,
): string | undefined {
  const fault = headerFault(first, page, bounds);
  if (fault !== undefined) return fault;
  const isBig = first.readUInt16LE(18) === P_OVERFLOW && first.readUInt32LE(20) === pages;
  return isBig ? undefined : "it is not a page of a long record";
}

/** Compare keys as lmdb does: by bytes, or as numbers in the table of free pages. */
export function compareKeys(a: Buffer, b: Buffer, asNumbers: boolean): number {
  return asNumbers ? number(a, 0) - number(b, 0) : Buffer.compare(a, b);
}
