import { Buffer } from "node:buffer";
import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { MetaFault, readMetas } from "../check/meta-page.ts";
import { PageFile } from "../check/page-file.ts";
import { TreeWalk } from "../check/tree-walk.ts";

/** The space for removals and retention on a full disk: more than a hundred pages. */
export const RESERVE_BYTES: number = 512 * 1024;
/** The file grows by this much at a time. */
const STEP_BYTES = 256 * 1024;
const PIECE = Buffer.alloc(64 * 1024);
/** The offset of the last used page's number in the two meta pages. */
const LAST_PAGE_AT = 144;
/** What a transaction writes besides its data: the pages on the path to each record. */
const PATH_BYTES = 64 * 1024;
const PAUSE_MS = 100;

/**
 * Allocated space at the end of the file that lmdb has not used yet. lmdb writes each change to unused pages,
 * so even a removal needs some.
 */
export class Reserve {
  readonly #path: string;
  readonly #fd: number;
  readonly #pageSize: number;
  /** The end of the part of the file that has disk blocks. */
  #allocated: number;
  /** A lower bound of the space after the last used page. */
  #slack = 0;
  #fullUntilMs = 0;

  constructor(path: string) {
    this.#path = path;
    this.#fd = openSync(path, "r+");
    const file = new PageFile(path);
    this.#pageSize = readMetas(file)[0].pageSize;
    file.close();
    this.#allocated = this.#used(); // the rest may be a hole without blocks
    this.#extend(RESERVE_BYTES);
  }

  /**
   * Whether a transaction with `bytes` of data leaves the reserve intact. Call it between transactions only.
   */
  hasRoom(bytes: number): boolean {
    const needed = 2 * bytes + PATH_BYTES;
    this.#slack -= needed;
    if (this.#slack >= RESERVE_BYTES) return true;
    if (performance.now() < this.#fullUntilMs) return false;
    if (this.#extend(needed + RESERVE_BYTES)) return true;
    // Removed records free pages. They may be too fragmented to use, so require that half of the reserve is
    // left.
    if (this.#allocated - this.#used() >= RESERVE_BYTES / 2 && this.#freeBytes() >= needed) return true;
    this.#fullUntilMs = performance.now() + PAUSE_MS;
    return false;
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** Allocate at least `bytes` after the last used page; false if the disk is full. */
  #extend(bytes: number): boolean {
    const used = this.#used();
    this.#allocated = Math.max(this.#allocated, used);
    const wanted = used + bytes + STEP_BYTES;
    try {
      while (this.#allocated < wanted) {
        const length = Math.min(PIECE.length, wanted - this.#allocated);
        this.#allocated += writeSync(this.#fd, PIECE, 0, length, this.#allocated);
      }
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code !== "ENOSPC" && code !== "EDQUOT" && code !== "EFBIG") throw error;
    }
    this.#slack = this.#allocated - used - bytes + RESERVE_BYTES;
    return this.#allocated - used >= bytes;
  }

  /** The end of the last page that any state uses. */
  #used(): number {
    const last = Buffer.alloc(8);
    let page = 1;
    for (const at of [LAST_PAGE_AT, this.#pageSize + LAST_PAGE_AT]) {
      readSync(this.#fd, last, 0, 8, at);
      page = Math.max(page, Number(last.readBigUInt64LE()));
    }
    return (page + 1) * this.#pageSize;
  }

  /** Bytes of free pages in the file. */
  #freeBytes(): number {
    if (fstatSync(this.#fd).size === 0) return 0;
    const file = new PageFile(this.#path);
    try {
      const walk = new TreeWalk(file, readMetas(file)[0], { damaged: () => {} });
      return walk.countFree() * this.#pageSize;
    } catch (error) {
      if (!(error instanceof MetaFault)) throw error;
      return 0; // lmdb was writing the file at this moment
    } finally {
      file.close();
    }
  }
}
