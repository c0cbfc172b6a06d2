import { Buffer } from "node:buffer";
import { link, mkdtemp, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Repair } from "@tidemark/log";
import { BEFORE_ALL } from "../store/channel-table.ts";
import { DATA_FILE } from "../store/data-file.ts";
import { LmdbStore } from "../store/lmdb-store.ts";
import { Inspection, type OnProgress } from "./inspection.ts";
import { putRecord } from "./put-record.ts";
import { messageKeyOf, type RawRecord } from "./raw-record.ts";
import { type Rebuilt, rebuild } from "./rebuild.ts";

const BATCH = 1_000;
const DAY_MS = 86_400_000;

/** Copy the intact records of a locked directory to a new file, and replace the damaged file with it. */
export async function repair(directory: string, onProgress: OnProgress): Promise<Repair> {
  const workplace = await mkdtemp(join(directory, "repair-"));
  try {
    const store = await LmdbStore.open(workplace, {
      durability: "process",
      maxRemoved: 1_000_000,
      keyTtlMs: DAY_MS,
    });
    const rebuilt = await fill(store, join(directory, DATA_FILE), onProgress).finally(() => store.close());
    await sync(join(workplace, DATA_FILE));
    return { ...rebuilt, damagedFile: await exchange(directory, join(workplace, DATA_FILE)) };
  } finally {
    await rm(workplace, { recursive: true, force: true });
  }
}

async function fill(store: LmdbStore, path: string, onProgress: OnProgress): Promise<Rebuilt> {
  const inspection = new Inspection(path, onProgress);
  try {
    // A reachable record takes precedence; among the others the latest, which comes first.
    const seqs = new Map<number, number[]>();
    await putAll(store, inspection.reached(), seqs);
    const before = new Set(store.tables.channels.keys<string>({ start: BEFORE_ALL }));
    await putAll(store, inspection.stranded(), seqs);
    for (const found of seqs.values()) found.sort((a, b) => a - b);
    return await rebuild(store, seqs, (channel) => before.has(channel));
  } finally {
    inspection.close();
  }
}

/** Put records, and collect the numbers of the messages among them. */
async function putAll(
  store: LmdbStore,
  records: AsyncIterable<RawRecord>,
  seqs: Map<number, number[]>,
): Promise<void> {
  let batch: RawRecord[] = [];
  const flush = async (): Promise<void> => {
    const full = batch;
    batch = [];
    await store.commit(() => {
      for (const record of full) {
        if (putRecord(store.tables, record) && record.table === "messages") noteMessage(record.key, seqs);
      }
    });
  };
  for await (const record of records) {
    batch.push({ ...record, key: Buffer.from(record.key) });
    if (batch.length === BATCH) await flush();
  }
  await flush();
}

function noteMessage(key: Buffer, seqs: Map<number, number[]>): void {
  const [incarnation, seq] = messageKeyOf(key);
  const found = seqs.get(incarnation) ?? [];
  if (seq > 0) found.push(seq); // 0 is the channel's name
  seqs.set(incarnation, found);
}

/** Rename the damaged file and put the new file in its place. Returns the damaged file's new path. */
async function exchange(directory: string, file: string): Promise<string> {
  const path = join(directory, DATA_FILE);
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, "-");
  const damaged = join(directory, `damaged-${stamp}.mdb`);
  await link(path, damaged).catch(() => rename(path, damaged)); // not every file system has links
  await rename(file, path);
  await sync(directory);
  return damaged;
}

async function sync(path: string): Promise<void> {
  const file = await open(path, "r");
  await file.sync().finally(() => file.close());
}
