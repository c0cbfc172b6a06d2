// The benchmarks of every log that stores its messages in an engine.
import type { Log } from "@tidemark/log";
import { compare, costs, heading, line, rate } from "./compare.ts";

const TEXT = JSON.stringify({ text: "x".repeat(170) });
const SHORT = JSON.stringify({ text: "x".repeat(40) });
const PAGE = 100;
const FILL = 1_000;

/** The engine's client doing the bare work of append and read: no cursors, no checks, no retention. */
export interface Bare {
  /** Append texts to a channel. */
  append(channel: string, texts: readonly string[]): Promise<unknown>;
  /** The texts after a position. */
  read(channel: string, from: number, limit: number): Promise<readonly unknown[]>;
}

/** The size of a run. */
export interface BenchOptions {
  readonly rounds: number;
  /** The longest channel, as a power of ten. */
  readonly longest: number;
  /** The most channels, as a power of ten. */
  readonly most: number;
}

/** The rate of each operation, and its ratio to the bare one. */
export async function askRatios(what: string, log: Log, bare: Bare, { rounds }: BenchOptions): Promise<void> {
  console.log(heading());
  line(`messages a second: ${what}`, "log", "bare", "ratio");
  await askPages(what, log, bare, rounds);
  for (const [publishers, batch] of [
    [1, 1],
    [16, 1],
    [100, 1],
    [1, 100],
    [10, 100],
  ] as const) {
    const [drafts, texts] = [many(TEXT, batch), Array.from({ length: batch }, () => TEXT)];
    const compared = await compare(
      rounds,
      () => rate(publishers, () => log.append(what, drafts)),
      () => rate(publishers, () => bare.append(what, texts)),
    );
    line(`append: ${publishers} publishers, ${batch} a batch`, ...told(compared, batch));
  }
}

/** Run this first: the engine gets slower as it holds more data. */
async function askPages(what: string, log: Log, bare: Bare, rounds: number): Promise<void> {
  for (const [length, batch] of [
    [1_000, 1],
    [1_000, FILL],
    [100_000, FILL],
  ] as const) {
    const name = `${what} ${length} ${batch}`;
    const cursors = await fill(log, name, length, TEXT, batch);
    const texts = Array.from({ length: batch }, () => TEXT);
    for (let count = 0; count < length; count += batch) {
      await bare.append(name, texts);
      if (batch === 1) await bare.append(`${name} beside`, texts);
    }
    const random = (): number => Math.floor(Math.random() * (length - PAGE));
    const compared = await compare(
      rounds,
      () => rate(1, () => log.read(name, cursors(random()), { maxMessages: PAGE })),
      () => rate(1, () => bare.read(name, random(), PAGE)),
    );
    const title = `pages of ${PAGE}, of ${length.toLocaleString("en")} messages, ${batch} a batch`;
    line(title, ...told(compared, PAGE));
  }
}

/** How the cost of a page grows with the number of messages in its channel. */
export async function askLength(log: Log, { rounds, longest }: BenchOptions): Promise<void> {
  const lengths = powers(3, longest);
  const reads: (() => Promise<number>)[] = [];
  for (const length of lengths) {
    const name = `length ${length}`;
    const cursors = await fill(log, name, length, SHORT);
    const random = (): number => Math.floor(Math.random() * (length - PAGE));
    reads.push(() => rate(1, () => log.read(name, cursors(random()), { maxMessages: PAGE })));
  }
  tell("cost of a page by the length of its channel", lengths, await costs(rounds, reads));
}

/** How the cost of a page grows with the number of channels; each has ten messages. */
export async function askChannels(
  open: (channels: number) => Promise<Log>,
  { rounds, most }: BenchOptions,
): Promise<void> {
  const numbers = powers(0, most);
  const reads: (() => Promise<number>)[] = [];
  for (const number of numbers) {
    const log = await open(number);
    for (let done = 0; done < number; done += 100)
      await Promise.all(
        Array.from({ length: Math.min(100, number - done) }, (_, i) =>
          log.append(`${done + i}`, many(SHORT, 10)),
        ),
      );
    const random = (): string => `${Math.floor(Math.random() * number)}`;
    reads.push(() => rate(1, () => log.read(random(), "start", { maxMessages: PAGE })));
  }
  tell("cost of a page by the number of channels", numbers, await costs(rounds, reads));
}

function tell(title: string, sizes: readonly number[], times: readonly number[]): void {
  line(title, ...sizes.map((size) => size.toLocaleString("en")));
  line("", ...times.map((value) => `× ${value.toFixed(2)}`));
}

function told(
  { log, bare, ratio }: { readonly log: number; readonly bare: number; readonly ratio: number },
  each: number,
): (number | string)[] {
  return [log * each, bare * each, ratio.toFixed(2)];
}

function many(json: string, count: number): { readonly json: string }[] {
  return Array.from({ length: count }, () => ({ json }));
}

/** Fill a channel. Returns a function from a number of messages to the cursor after them. */
async function fill(
  log: Log,
  channel: string,
  length: number,
  json: string,
  batch: number = FILL,
): Promise<(place: number) => string> {
  const drafts = many(json, batch);
  const ends: string[] = [];
  for (let count = 0; count < length; count += batch) {
    ends.push((await log.append(channel, drafts)).cursor);
    // Interleave another channel, because some engines store all channels in one place.
    if (batch === 1) await log.append(`${channel} beside`, drafts);
  }
  return (place) => {
    const [epoch, , tag] = (ends[Math.floor((place - 1) / batch)] ?? "").split(".");
    return place === 0 ? "start" : `${epoch}.${place}.${tag}`;
  };
}

function powers(least: number, most: number): number[] {
  return Array.from({ length: most - least + 1 }, (_, i) => 10 ** (least + i));
}
