// The log against lmdb alone, doing the same operations, by short turns in one run; medians over them, of the ratios too.
//   npm run build, then node --import tsx bench/ratios.ts [rounds]
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { type Durability, LmdbLog } from "@tidemark/log-lmdb";
import { type Bare, openBare } from "./bare.ts";

const ROUNDS = Number(process.argv[2] ?? 31);
const TEXT = JSON.stringify({ text: "x".repeat(170) });
const PAGE = 100;
const TURN_MS = 80;

interface Pair {
  readonly log: LmdbLog;
  readonly bare: Bare;
  /** Cursors of the log by the number of messages before them. */
  readonly cursors: string[];
}

interface Rates {
  readonly log: number;
  readonly bare: number;
  readonly ratio: number;
}

async function withPair<T>(durability: Durability, run: (pair: Pair) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "tidemark-bench-"));
  const retention = { maxMessages: null, maxBytes: null };
  const log = await LmdbLog.open(join(directory, "log"), { durability, retention });
  const bare = openBare(join(directory, "bare"), durability);
  try {
    return await run({ log, bare, cursors: [] });
  } finally {
    await Promise.all([log.dispose(), bare.close()]);
    await rm(directory, { recursive: true });
  }
}

/** Operations a second of so many workers, each doing one after the other, for about `ms`. */
async function rate(workers: number, ms: number, operation: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  let count = 0;
  const worker = async (): Promise<void> => {
    for (; performance.now() - begin < ms; count++) await operation();
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return (count * 1_000) / (performance.now() - begin);
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}

/** The two by turns, the one that begins changing: other load of the machine is borne by both. */
async function compare(log: () => Promise<number>, bare: () => Promise<number>): Promise<Rates> {
  const [logs, bares]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    if (round % 2 === 0) logs.push(await log());
    bares.push(await bare());
    if (round % 2 === 1) logs.push(await log());
  }
  const ratios = logs.map((rate_, round) => rate_ / (bares[round] ?? Number.NaN));
  return { log: median(logs), bare: median(bares), ratio: median(ratios) };
}

function report(name: string, { log, bare, ratio }: Rates, each = 1): void {
  const figures = [log * each, bare * each].map((value) =>
    Math.round(value).toLocaleString("en").padStart(12),
  );
  console.log(`${name.padEnd(52)}${figures.join("")}${ratio.toFixed(2).padStart(8)}`);
}

async function appends(durability: Durability, publishers: number, batch: number): Promise<void> {
  const drafts = Array.from({ length: batch }, () => ({ json: TEXT }));
  const texts = drafts.map(({ json }) => json);
  const rates = await withPair(durability, ({ log, bare }) =>
    compare(
      () => rate(publishers, TURN_MS, () => log.append("channel", drafts)),
      () => rate(publishers, TURN_MS, () => bare.append(texts)),
    ),
  );
  report(`append, ${durability}: ${publishers} publishers, ${batch} a batch`, rates, batch);
}

async function reads(length: number): Promise<void> {
  await withPair("process", async ({ log, bare, cursors }) => {
    const drafts = Array.from({ length: 1_000 }, () => ({ json: TEXT }));
    for (let count = 0; count < length; count += drafts.length) {
      cursors.push(...(await log.append("channel", drafts)).cursors);
      await bare.append(drafts.map(({ json }) => json));
    }
    const random = (): number => Math.floor(Math.random() * (length - PAGE));
    const readLog = () => log.read("channel", cursors[random()] ?? "end", { maxMessages: PAGE });
    const readBare = async () => bare.read(random(), PAGE);
    report(
      `pages of ${PAGE}, of ${length.toLocaleString("en")} messages`,
      await compare(
        () => rate(1, TURN_MS, readLog),
        () => rate(1, TURN_MS, readBare),
      ),
      PAGE,
    );
  });
}

console.log(
  `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model}`,
);
console.log(
  `${"messages a second".padEnd(52)}${"log".padStart(12)}${"lmdb alone".padStart(12)}${"ratio".padStart(8)}`,
);
for (const durability of ["process", "disk"] as const) {
  for (const [publishers, batch] of [
    [1, 1],
    [100, 1],
    [1, 100],
    [10, 100],
  ] as const) {
    await appends(durability, publishers, batch);
  }
}
for (const length of [1_000, 10_000, 100_000, 1_000_000]) await reads(length);
