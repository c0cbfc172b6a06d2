// A file of JSON lines. A line is written completely or not at all.
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { ProtocolError } from "@tidemark/protocol";

export class Journal {
  #file;
  #bytes = 0;

  /** Open the journal in a directory, and call `apply` with each of its lines. */
  constructor(directory, { create, apply }) {
    if (create) mkdirSync(directory, { recursive: true });
    const path = join(directory, "journal.jsonl");
    this.#file = openSync(path, create ? "a+" : "r+");
    const text = readFileSync(path);
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", this.#bytes)) {
      apply(JSON.parse(text.toString("utf8", this.#bytes, end)));
      this.#bytes = end + 1;
    }
    ftruncateSync(this.#file, this.#bytes); // a line that a crash cut short was never acknowledged
  }

  get isEmpty() {
    return this.#bytes === 0;
  }

  /** Write a line. @throws ProtocolError `storage-full` if there is no room; then nothing was written */
  write(line) {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    try {
      for (let done = 0; done < bytes.length; )
        done += writeSync(this.#file, bytes, done, bytes.length - done, this.#bytes + done);
    } catch (cause) {
      ftruncateSync(this.#file, this.#bytes);
      if (cause.code === "ENOSPC" || cause.code === "EDQUOT")
        throw new ProtocolError("storage-full", "The disk is full", { cause });
      throw cause;
    }
    this.#bytes += bytes.length;
  }

  close() {
    closeSync(this.#file);
  }
}
