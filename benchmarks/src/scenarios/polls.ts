import type { Bench } from "../bench.ts";
import { expectSuccess } from "../bench.ts";
import type { Answer, Connection } from "../load/connection.ts";
import { messageText } from "../load/message-text.ts";
import { ALL_TARGETS, type Figure, type Sample, type Scenario } from "./scenario.ts";

/** better-sse has no polls. */
const POLLERS = ALL_TARGETS.filter((name) => name !== "better-sse");

const FIGURES: readonly Figure[] = [
  { key: "rate", title: "answers/s", more: true },
  { key: "cpuUs", title: "CPU µs per answer", digits: 2, more: false },
  { key: "bytes", title: "bytes on the wire", more: false },
  { key: "loadBusy", title: "load busy", digits: 2, more: true },
];

/** Polls at the end of a channel with the `ETag` of the last answer: no page is sent again. */
export const nothingNew: Scenario = {
  id: "poll-nothing-new",
  title: "poll with nothing new, 64 connections",
  targets: POLLERS,
  figures: FIGURES,
  run: async (bench, scale) => {
    await fillOne(bench, 20);
    const { poll } = bench.dialect;
    if (!poll) throw new Error("no polls");
    const end = await readToEnd(bench);
    const connection = bench.connect();
    const seen = expectSuccess(await connection.ask(poll("one", end, 100)));
    return closedLoop(bench, 64, 60_000 * scale, poll("one", end, 100, seen), 0);
  },
};

/** Polls for ten unread messages. */
export const pageOfTen: Scenario = {
  id: "poll-page-of-10",
  title: "poll with a page of 10, 64 connections",
  // Nchan answers a poll with one message.
  targets: POLLERS.filter((name) => name !== "nchan"),
  figures: FIGURES,
  run: async (bench, scale) => {
    await fillOne(bench, 20);
    const { poll } = bench.dialect;
    if (!poll) throw new Error("no polls");
    const end = await readToEnd(bench);
    await bench.fill("one", 10);
    return closedLoop(bench, 64, 50_000 * scale, poll("one", end, 100), 10);
  },
};

async function fillOne(bench: Bench, count: number): Promise<void> {
  await bench.create("one");
  await bench.fill("one", count);
}

/** The current end of the channel. */
export async function readToEnd(bench: Bench): Promise<string> {
  const { poll, positionOf, hasMore } = bench.dialect;
  if (!poll || !positionOf || !hasMore) throw new Error("no polls");
  const connection = bench.connect();
  let position: string | undefined;
  for (;;) {
    const answer = expectSuccess(await connection.ask(poll("one", position, 1_000)));
    if (answer.status !== 304) position = positionOf(answer);
    if (!hasMore(answer)) return position ?? "";
  }
}

/** Polls before the measurement, so that the target's code is compiled, however short the run. */
const WARM_UP = 15_000;

async function closedLoop(
  bench: Bench,
  connections: number,
  total: number,
  request: string,
  messages: number,
): Promise<Sample> {
  let bytes = 0;
  let left = 0;
  const all: Connection[] = Array.from({ length: connections }, () => bench.connect());
  const one = async (connection: Connection): Promise<void> => {
    while (left-- > 0) {
      const answer = await connection.ask(request);
      if (answer.messages !== messages || answer.status >= 400)
        throw new Error(`${answer.messages} messages in ${answer.head}`);
      bytes = answer.bytes;
    }
  };
  left = WARM_UP;
  await Promise.all(all.map(one));
  left = total;
  const cost = await bench.cost(async () => void (await Promise.all(all.map(one))));
  return { rate: total / cost.seconds, cpuUs: cost.cpuUs / total, bytes, loadBusy: cost.loadBusy };
}

/** Many held requests on one channel, each repeated as soon as it is answered; then the next message is published. */
export function longPoll(readers: number): Scenario {
  return {
    id: `long-poll-${readers}`,
    title: `long-poll fan-out to ${readers} readers, each message once all requests were answered`,
    targets: POLLERS,
    figures: FIGURES,
    run: (bench, scale) => holdAll(bench, readers, Math.round(100 * scale)),
  };
}

async function holdAll(bench: Bench, readers: number, count: number): Promise<Sample> {
  const { publish, wait, positionOf } = bench.dialect;
  if (!wait || !positionOf) throw new Error("no long polls");
  await fillOne(bench, 3);
  let position = await readToEnd(bench);
  const publisher = bench.connect();
  const all = Array.from({ length: readers }, () => bench.connect());
  let bytes = 0;
  const round = async (): Promise<void> => {
    const held = Promise.all(all.map((connection) => connection.ask(wait("one", position))));
    // Awaited together: if a held request fails meanwhile, the round fails.
    const [answers] = await Promise.all([
      held,
      publisher.ask(publish("one", messageText())).then(expectSuccess),
    ]);
    for (const answer of answers)
      if (answer.messages !== 1) throw new Error(`${answer.messages} messages in ${answer.head}`);
    const [first] = answers as [Answer];
    position = positionOf(first);
    bytes = first.bytes;
  };
  for (let number = 0; number < WARM_UP / readers; number += 1) await round();
  const cost = await bench.cost(async () => {
    for (let number = 0; number < count; number += 1) await round();
  });
  const total = readers * count;
  return { rate: total / cost.seconds, cpuUs: cost.cpuUs / total, bytes, loadBusy: cost.loadBusy };
}
