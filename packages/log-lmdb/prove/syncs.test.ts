// Observe with strace which system calls happen before an append is acknowledged.
import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ensureProgram } from "../../../tools/ensure.mjs";
import { sources } from "../../../tools/launch.mjs";
import { temporaryDirectory } from "../test/lmdb-harness.ts";

const writer = fileURLToPath(new URL("../test/sync-writer.ts", import.meta.url));
const ROUNDS = 10;
const PUBLISHERS = 100;

/** A write of a meta page's head, which makes a commit the latest one. Data pages are written whole. */
const META_WRITE = /, 128, \d+\)/;

/**
 * The writes to the data file and the acknowledgements, in order: `data`, `early-meta`, `sync`, `meta`,
 * `ACK`.
 */
async function traceOf(durability: string): Promise<string[]> {
  const folder = await temporaryDirectory();
  const trace = join(folder, "trace");
  const calls = "trace=openat,pwrite64,pwritev,pwritev2,writev,fdatasync,fsync,write";
  const program = [process.execPath, ...sources, writer, join(folder, "log"), durability, ROUNDS, PUBLISHERS];
  const args = ["-f", "-y", "-s", "12", "-e", calls, "-o", trace, ...program.map(String)];
  await promisify(execFile)(ensureProgram("strace"), args).catch(
    (error: { signal?: string; message: string }) => assert.is(error.signal, "SIGKILL", error.message),
  );
  const lines = (await readFile(trace, "utf8")).split("\n");
  await rm(folder, { recursive: true });
  return eventsOf(lines);
}

function eventsOf(lines: readonly string[]): string[] {
  // lmdb writes the page that makes a commit valid through a descriptor whose writes are synchronous.
  const synced = lines.flatMap((line) => /data\.mdb.*O_DSYNC.*= (\d+)</.exec(line)?.[1] ?? []);
  assert.ok(synced.length > 0, "the data file is opened with O_DSYNC");
  const events = lines.flatMap((line) => {
    if (/write\(1<.*"(BEGIN|ACK)/.test(line)) return line.includes("BEGIN") ? ["BEGIN"] : ["ACK"];
    const [, call = "", descriptor] = /(\w+)\((\d+)<[^>]*data\.mdb>/.exec(line) ?? [];
    if (/^f(data)?sync$/.test(call)) return ["sync"];
    if (!/write/.test(call)) return [];
    if (descriptor === synced.at(-1)) return ["meta"];
    return [META_WRITE.test(line) ? "early-meta" : "data"];
  });
  return events.slice(events.indexOf("BEGIN") + 1);
}

/** The rounds, each as a text of the events before its acknowledgement. */
function roundsOf(events: readonly string[]): string[] {
  return events
    .join(" ")
    .split(" ACK")
    .slice(0, ROUNDS)
    .map((round) => round.trim());
}

test("durability=disk: a hundred appends are acknowledged after data, one sync and a synced meta page", async () => {
  const rounds = roundsOf(await traceOf("disk"));
  assert.is(rounds.length, ROUNDS);
  for (const round of rounds)
    assert.match(round, /^(data )+sync meta$/, "a round is one commit, with one sync");
});

test("durability=process: an append is acknowledged once written, possibly before the sync", async () => {
  const events = await traceOf("process");
  const rounds = roundsOf(events);
  assert.is(rounds.length, ROUNDS);
  const syncs = events.filter((event) => event === "sync").length;
  assert.ok(syncs <= 2 * ROUNDS, `${syncs} syncs of ${ROUNDS * PUBLISHERS} appends`);
  for (const round of rounds) assert.match(round, /^(sync |meta )*(data )+early-meta/);
});

test.run();
