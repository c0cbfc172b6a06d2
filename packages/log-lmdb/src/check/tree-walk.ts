import type { Buffer } from "node:buffer";
import { type Meta, number, parseTree, type Tree } from "./meta-page.ts";
import type { PageFile } from "./page-file.ts";
import {
  BIG,
  bigValueFault,
  compareKeys,
  type Node,
  parseBigValue,
  parseTreePage,
  SUBTREE,
  type TreePage,
} from "./tree-page.ts";

/** The callbacks of a walk. */
export interface WalkEvents {
  /** A page of a table, and with it everything below, cannot be read. A throw stops the walk. */
  readonly damaged: (page: number, table: string, fault: string) => void;
  /** A record that lmdb can read, in order, and its page. */
  readonly record?: (table: string, node: Node, page: number) => void;
}

/** A page's place in its table, between two keys. */
interface Place {
  readonly page: number;
  readonly depth: number;
  readonly from: Buffer | undefined;
  readonly to: Buffer | undefined;
}

const FREE = "free pages";
const MAIN = "tables";
const FREE_KEY_BYTES = 8;
/** lmdb-js stores its own flag in the tree of free pages. */
const NO_FLAGS = 0;

/**
 * Walks everything that lmdb can reach in one state of a file. In plain JavaScript, so no file can crash the
 * process.
 */
export class TreeWalk {
  readonly #file: PageFile;
  readonly #meta: Meta;
  readonly #events: WalkEvents;
  /** The use of each page: 1 reached, 2 free. */
  readonly #uses: Uint8Array;
  /** The number of pages read so far. */
  walked = 0;

  constructor(file: PageFile, meta: Meta, events: WalkEvents) {
    this.#file = file;
    this.#meta = meta;
    this.#events = events;
    this.#uses = new Uint8Array(Math.min(meta.lastPage, file.pages) + 1);
  }

  /** Whether a page is part of the state: reached, or listed as free. */
  isKnown(page: number): boolean {
    return (this.#uses[page] ?? 0) !== 0; // a damaged page count may exclude pages of the file
  }

  /** Walk all tables. Yields from time to time, so that the caller can let other work run. */
  *walk(): Generator<void> {
    const { free, main } = this.#meta;
    yield* this.#tree(main, MAIN, NO_FLAGS);
    yield* this.#tree(free, FREE, free.flags);
  }

  /** The number of free pages. Walks only the table of free pages. */
  countFree(): number {
    const { free } = this.#meta;
    for (const _ of this.#tree(free, FREE, free.flags));
    return this.#uses.reduce((count, use) => count + (use === 2 ? 1 : 0), 0);
  }

  *#tree(tree: Tree, table: string, flags: number): Generator<void> {
    if (tree.root === undefined) return;
    if (tree.flags !== flags) this.#tell(tree.root, table, "its description is damaged");
    const places: Place[] = [{ page: tree.root, depth: 1, from: undefined, to: undefined }];
    for (let place = places.pop(); place !== undefined; place = places.pop()) {
      const page = this.#take(place, table);
      if (page.fault !== undefined) this.#tell(place.page, table, page.fault);
      else if (page.isLeaf !== (place.depth === tree.depth))
        this.#tell(place.page, table, "it is on a wrong level of the tree");
      else if (page.isLeaf) yield* this.#leaf(page.nodes, place, table);
      else places.push(...below(page.nodes, place).reverse());
      if (++this.walked % 256 === 0) yield;
    }
  }

  /** Read a page once, and verify that its keys are in order and within the bounds of its place. */
  #take({ page, from, to, depth }: Place, table: string): TreePage {
    if (depth > 32) return { fault: "its tree is too deep" };
    if (!this.#use(page)) return { fault: "it is used twice, or outside the file" };
    const parsed = parseTreePage(this.#file.page(page), page, this.#meta);
    if (parsed.fault !== undefined) return parsed;
    const { nodes, isLeaf } = parsed;
    if (!isLeaf && nodes.length < 2 && table !== FREE) return { fault: "it has only one child page" };
    let before = from;
    for (const [i, { key }] of nodes.entries()) {
      if (!isLeaf && i === 0) continue; // the first of a branch has no key
      if (table === FREE && key.length !== FREE_KEY_BYTES) return { fault: "a key is damaged" };
      const order = before === undefined ? 1 : compareKeys(key, before, table === FREE);
      if (order < 0 || (order === 0 && !(i === 0 && isLeaf))) return { fault: "its keys are out of order" };
      before = key;
    }
    const isBeyond = to !== undefined && before !== undefined && compareKeys(before, to, table === FREE) >= 0;
    return isBeyond ? { fault: "its keys belong to another page" } : parsed;
  }

  *#leaf(nodes: readonly Node[], { page }: Place, table: string): Generator<void> {
    for (const node of nodes) {
      const fault = node.flags === BIG ? this.#bigFault(node) : undefined;
      if (fault !== undefined) this.#tell(page, table, fault);
      else if ((node.flags === SUBTREE) !== (table === MAIN))
        this.#tell(page, table, "a record has an unexpected type");
      else if (table === MAIN) yield* this.#table(node, page);
      else if (table === FREE) this.#free(node, page);
      else this.#events.record?.(table, node, page);
    }
  }

  *#table({ key, data }: Node, page: number): Generator<void> {
    if (data.length !== 48) this.#tell(page, MAIN, "the description of a table is damaged");
    else yield* this.#tree(parseTree(data, 0), nameOf(key), NO_FLAGS);
  }

  #bigFault(node: Node): string | undefined {
    const big = parseBigValue(node, this.#meta);
    if (typeof big === "string") return big;
    for (let each = 0; each < big.pages; each++) {
      if (!this.#use(big.page + each)) return "a page of a long record is used twice, or outside the file";
    }
    this.walked += big.pages;
    return bigValueFault(this.#file.page(big.page), big, this.#meta);
  }

  /**
   * A list of free pages, as single numbers or as a negative count before the first of a run. None may be in
   * use.
   */
  #free(node: Node, page: number): void {
    if (!this.#isFreeList(this.#value(node))) this.#tell(page, FREE, "a list of free pages is damaged");
  }

  #isFreeList(data: Buffer): boolean {
    const count = data.length < 8 ? Number.NaN : number(data, 0);
    if (!(count * 8 + 8 <= data.length)) return false;
    for (let i = 1; i <= count; i++) {
      let entry = Number(data.readBigInt64LE(i * 8));
      let length = 1;
      if (entry === 0) continue;
      if (entry < 0) {
        length = -entry;
        i += 1;
        entry = i <= count ? Number(data.readBigInt64LE(i * 8)) : 0;
      }
      if (!this.#release(entry, length)) return false;
    }
    return true;
  }

  #release(first: number, length: number): boolean {
    if (first < 2 || length > this.#meta.lastPage || first + length - 1 > this.#meta.lastPage) return false;
    for (let page = first; page < first + length; page++) {
      if (this.#uses[page] === 1) return false;
      if (page < this.#uses.length) this.#uses[page] = 2;
    }
    return true;
  }

  #value(node: Node): Buffer {
    if (node.flags !== BIG) return node.data;
    return this.#file.slice(number(node.data, 0) * this.#meta.pageSize + 24, node.size);
  }

  #use(page: number): boolean {
    if (!(page >= 2 && page < this.#uses.length) || this.#uses[page] === 1) return false;
    this.#uses[page] = 1;
    return true;
  }

  #tell(page: number, table: string, fault: string): void {
    this.#events.damaged(page, table, fault);
  }
}

/** lmdb-js ends the name of a table with a zero byte. */
function nameOf(key: Buffer): string {
  return key.toString("utf8", 0, key.at(-1) === 0 ? key.length - 1 : key.length);
}

/** The child pages of a branch, with the bounds of their keys. */
function below(nodes: readonly Node[], { depth, from, to }: Place): Place[] {
  return nodes.map(({ key, child }, i) => ({
    page: child,
    depth: depth + 1,
    from: i === 0 ? from : key,
    to: nodes[i + 1]?.key ?? to,
  }));
}
