import type { Bench } from "../bench.ts";
import { expectSuccess } from "../bench.ts";
import type { Audience } from "../load/stream-reader.ts";
import type { Figure, Sample, Scenario } from "./scenario.ts";

const FIGURES: readonly Figure[] = [
  { key: "rate", title: "messages/s", more: true },
  { key: "cpuUs", title: "CPU µs per message", digits: 2, more: false },
  { key: "firstMs", title: "first message ms", digits: 1, more: false },
  { key: "coldUs", title: "CPU µs, first reader", digits: 2, more: false },
  { key: "heldMs", title: "loop held ms", digits: 1, more: false },
];

const MESSAGES = 100_000;
/** Nchan's cost per message grows with the log, and its limit is 2¹⁶ messages in one second: a fifth favours it. */
const NCHAN_MESSAGES = 20_000;
const READINGS = 5;

/** Late readers read the whole channel, page by page. */
export const catchUpPages: Scenario = {
  id: "catch-up-pages",
  title: "catch-up of 100 000 messages in pages",
  // Nchan answers a poll with one message.
  targets: ["raw", "floor", "tidemark", "durable-streams"],
  figures: FIGURES,
  run: (bench, scale) => catchUp(bench, scale, readPages),
};

/** Late readers read the whole channel as an event stream. */
export const catchUpStream: Scenario = {
  id: "catch-up-sse",
  title: "catch-up of 100 000 messages as an event stream",
  targets: ["raw", "floor", "tidemark", "durable-streams", "nchan"],
  figures: FIGURES,
  run: (bench, scale) => catchUp(bench, scale, readStream),
};

/** Reads `total` messages; resolves with the milliseconds to the first. */
type Read = (bench: Bench, total: number) => Promise<number>;

async function catchUp(bench: Bench, scale: number, read: Read): Promise<Sample> {
  const total = Math.round((bench.target.name === "nchan" ? NCHAN_MESSAGES : MESSAGES) * scale);
  const readings = bench.target.name === "nchan" ? 1 : READINGS;
  await bench.create("one");
  await bench.fill("one", total);
  await bench.inside();
  const firsts: number[] = [];
  const cold = await bench.cost(async () => void firsts.push(await read(bench, total)));
  const cost = await bench.cost(async () => {
    for (let reading = 0; reading < readings; reading += 1) firsts.push(await read(bench, total));
  });
  const messages = total * readings;
  return {
    rate: messages / cost.seconds,
    cpuUs: cost.cpuUs / messages,
    firstMs: Math.max(...firsts),
    coldUs: cold.cpuUs / total,
    heldMs: (await bench.inside())?.heldMs ?? Number.NaN,
  };
}

async function readPages(bench: Bench, total: number): Promise<number> {
  const { poll, positionOf, hasMore } = bench.dialect;
  if (!poll || !positionOf || !hasMore) throw new Error("no pages");
  const connection = bench.connect();
  const startedAt = performance.now();
  let firstMs = 0;
  let seen = 0;
  for (let position: string | undefined; ; ) {
    const page = expectSuccess(await connection.ask(poll("one", position, 1_000)));
    if (seen === 0) firstMs = performance.now() - startedAt;
    seen += page.messages;
    position = positionOf(page);
    if (!hasMore(page)) break;
  }
  connection.close();
  if (seen !== total) throw new Error(`${seen} of ${total} messages were read`);
  return firstMs;
}

async function readStream(bench: Bench, total: number): Promise<number> {
  const { replay } = bench.dialect;
  if (!replay) throw new Error("no replay");
  const audience: Audience = bench.audience();
  const startedAt = performance.now();
  const opening = audience.open([replay("one")]);
  await audience.until(1, 60_000);
  const firstMs = performance.now() - startedAt;
  await opening;
  await audience.until(total, 120_000);
  audience.close();
  if (audience.count !== total) throw new Error(`${audience.count} of ${total} messages were read`);
  return firstMs;
}
