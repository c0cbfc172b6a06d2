// Compare two rates by alternating short turns in one run, so that other load on the machine affects both.
import { cpus } from "node:os";

const TURN_MS = 80;

/** Two rates per second, and the median ratio of adjacent turns. */
export interface Compared {
  readonly log: number;
  readonly bare: number;
  readonly ratio: number;
}

/** Operations per second during one turn, by `workers` concurrent workers. */
export async function rate(
  workers: number,
  operation: () => Promise<unknown>,
  ms: number = TURN_MS,
): Promise<number> {
  const begin = performance.now();
  let count = 0;
  const worker = async (): Promise<void> => {
    for (; performance.now() - begin < ms; count++) await operation();
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return (count * 1_000) / (performance.now() - begin);
}

/** Alternate between the two; each goes first equally often. */
export async function compare(
  rounds: number,
  log: () => Promise<number>,
  bare: () => Promise<number>,
): Promise<Compared> {
  const turns: { log: number; bare: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const first = round % 2 === 0 ? await log() : undefined;
    const other = await bare();
    turns.push({ log: first ?? (await log()), bare: other });
  }
  return {
    log: median(turns.map((turn) => turn.log)),
    bare: median(turns.map((turn) => turn.bare)),
    ratio: median(turns.map((turn) => turn.log / turn.bare)),
  };
}

/**
 * The cost of each operation as a multiple of the first one's: medians over rounds with one turn for each.
 */
export async function costs(rounds: number, all: readonly (() => Promise<number>)[]): Promise<number[]> {
  const ratios: number[][] = all.map(() => []);
  for (let round = 0; round < rounds; round++) {
    const rates: number[] = [];
    for (const one of all) rates.push(await one());
    for (const [i, each] of rates.entries()) ratios[i]?.push((rates[0] ?? 0) / each);
  }
  return ratios.map(median);
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The conditions of a measurement: date, versions, machine. */
export function heading(): string {
  const [cpu] = cpus();
  const day = new Date().toISOString().slice(0, 10);
  return `${day}, Node ${process.versions.node}, ${cpus().length} × ${cpu?.model}`;
}

export function line(name: string, ...figures: readonly (number | string)[]): void {
  const texts = figures.map((value) =>
    typeof value === "number" ? Math.round(value).toLocaleString("en") : value,
  );
  console.log(name.padEnd(56) + texts.map((text) => text.padStart(12)).join(""));
}
