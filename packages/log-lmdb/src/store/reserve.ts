import { Buffer } from "node:buffer";
import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { MetaFault, readMetas } from "../check/meta-page.ts";
import { PageFile } from "../check/page-file.ts";
import { TreeWalk } from "../check/tree-walk.ts";

/** What removals and retention may take when the disk is full: some hundred pages. */
export const RESERVE_BYTES: number = 512 * 1024;
/** So much is added to the file at a time. */
const STEP_BYTES = 256 * 1024;
const PIECE = Buffer.alloc(64 * 1024);
/** Where the two first pages tell the last page that is in use. */
const LAST_PAGE_AT = 144;
/** What a transaction writes beside its data: the pages on the way to each record. */
const PATH_BYTES = 64 * 1024;
const PAUSE_MS = 100;

/**
 * Room at the end of the file that lmdb has not come to, with blocks of the disk behind it. lmdb writes each change to
 * pages that are not in use, so that even a removal needs some.
 */
export class Reserve {
  readonly #path: string;
  readonly #fd: number;
  readonly #pageSize: number;
  /** Up to here the file has blocks. */
  #allocated: number;
  /** Less than what is free behind the last page. */
  #slack = 0;
  #fullUntilMs = 0;

  constructor(path: string) {
    this.#path = path;
    this.#fd = openSync(path, "r+");
    const file = new PageFile(path);
    this.#pageSize = readMetas(file)[0].pageSize;
    file.close();
    this.#allocated = this.#used(); // what is behind may be a hole
    this.#extend(RESERVE_BYTES);
  }

  /** Whether a transaction with so many bytes of data leaves the reserve as it is; to be asked between transactions. */
  hasRoom(bytes: number): boolean {
    const needed = 2 * bytes + PATH_BYTES;
    this.#slack -= needed;
    if (this.#slack >= RESERVE_BYTES) return true;
    if (performance.now() < this.#fullUntilMs) return false;
    if (this.#extend(needed + RESERVE_BYTES)) return true;
    // What was removed makes room, unless it is in pieces too small: then half of the reserve is left at least.
    if (this.#allocated - this.#used() >= RESERVE_BYTES / 2 && this.#freeBytes() >= needed) return true;
    this.#fullUntilMs = performance.now() + PAUSE_MS;
    return false;
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** Have at least so many bytes behind the last page; false if the disk has no more. */
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
      return 0; // lmdb was just writing it
    } finally {
      file.close();
    }
  }
}
