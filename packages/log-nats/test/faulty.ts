import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as assert from "uvu/assert";
import type { OpenLog } from "./harness.ts";

/** A text in a file of `src`, and its faulty replacement. */
export type Change = readonly [file: string, from: string, to: string];

const src = fileURLToPath(new URL("../src", import.meta.url));
// Inside the package, so that imports resolve from there as well.
const folder = fileURLToPath(new URL("../node_modules/.faulty/", import.meta.url));
let count = 0;

/** The log with these changes to its source. Fails if a text does not occur exactly once. */
export async function faulty(changes: readonly Change[]): Promise<OpenLog> {
  const copy = join(folder, `${process.pid}-${++count}`);
  await mkdir(dirname(copy), { recursive: true });
  await cp(src, copy, { recursive: true, filter: (path) => !path.endsWith(".test.ts") });
  for (const [file, from, to] of changes) {
    const path = join(copy, file);
    const text = await readFile(path, "utf8");
    assert.is(text.split(from).length, 2, `occurs once in ${file}: ${from}`);
    await writeFile(
      path,
      text.replace(from, () => to),
    );
  }
  const { NatsLog } = await import(pathToFileURL(join(copy, "nats-log.ts")).href);
  return (address, options) => NatsLog.open(address, options);
}

/** Delete the changed sources. */
export function removeFaulty(): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}
