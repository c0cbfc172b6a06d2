// Rates of one thing against another, by short turns in one run: what the machine does meanwhile befalls both.
import { cpus } from "node:os";

const TURN_MS = 80;

/** Rates a second, and the median of the ratios of neighbouring turns. */
export interface Compared {
  readonly log: number;
  readonly bare: number;
  readonly ratio: number;
}

/** Operations a second of so many workers, each doing one after the other, for one turn. */
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

/** By turns, beginning with each of the two equally often. */
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

/** The cost of each, in multiples of the first one's; medians over rounds in which each has a turn. */
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

/** What a figure is worth: the day, the versions, the machine. */
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
