import { type Bench, expectSuccess } from "../bench.ts";
import { messageText } from "../load/message-text.ts";
import type { Audience } from "../load/stream-reader.ts";
import type { Sample, Scenario } from "./scenario.ts";

/** Every target that has streams and a log. */
const LOGGED = ["floor", "tidemark", "nchan"];
const TIMEOUT_MS = 60_000;

/** Many channels with one reader each: the cost of a channel among many. */
export const manyChannels: Scenario = {
  id: "channels-10000",
  title: "10 000 channels with one reader each, messages to all of them in turn",
  targets: LOGGED,
  figures: [
    { key: "rate", title: "deliveries/s", more: true },
    { key: "cpuUs", title: "CPU µs per delivery", digits: 1, more: false },
    { key: "kib", title: "KiB per channel and reader", digits: 1, more: false },
  ],
  run: async (bench, scale) => {
    const count = Math.round(10_000 * scale);
    const names = Array.from({ length: count }, (_, number) => `c${number}`);
    const before = bench.usage();
    const audience = await listenTo(bench, names);
    await bench.inside();
    const kib = (bench.usage().residentBytes - before.residentBytes) / 1_024 / count;
    const { rate, cpuUs } = await publishTo(bench, audience, names, count * 3);
    return { rate, cpuUs, kib };
  },
};

/** The cost of a delivery to 100 readers of one channel, with other readers and channels, and in a long log. */
export const growth: Scenario = {
  id: "growth",
  title: "a delivery to 100 readers of one channel, while the server grows",
  targets: LOGGED,
  figures: [
    { key: "alone", title: "CPU µs, nothing else", digits: 2, more: false },
    { key: "readers", title: "with 5 000 idle readers elsewhere", digits: 2, more: false },
    { key: "channels", title: "and 10 000 written channels", digits: 2, more: false },
    { key: "length", title: "and 100 000 messages in the log", digits: 2, more: false },
  ],
  run: async (bench, scale) => {
    const { publish } = bench.dialect;
    const messages = Math.round(1_000 * scale);
    const readers = await listenTo(
      bench,
      Array.from({ length: 100 }, () => "one"),
    );
    const cost = async (): Promise<number> =>
      (await publishTo(bench, readers, ["one"], messages)).cpuUs / 100;
    await cost(); // so that the target's code is compiled
    const alone = await cost();
    const elsewhere = Math.round(5_000 * scale);
    await listenTo(
      bench,
      Array.from({ length: elsewhere }, (_, number) => `elsewhere${number % 500}`),
    );
    const withReaders = await cost();
    let written = Math.round(10_000 * scale);
    await bench.repeat(16, () => (written-- > 0 ? publish(`written${written}`, messageText()) : undefined));
    const withChannels = await cost();
    const seen = readers.count;
    const long = Math.round(100_000 * scale);
    await bench.fill("one", long);
    await readers.until(seen + long * 100, TIMEOUT_MS);
    return { alone, readers: withReaders, channels: withChannels, length: await cost() };
  },
};

/** All readers reconnect at once, as after a restart, each at one of ten positions. */
export const reconnect: Scenario = {
  id: "reconnect-10000",
  title: "10 000 readers reconnect at 10 positions, while one reader is connected",
  targets: ["tidemark"],
  figures: [
    { key: "reads", title: "reads of the log", more: false },
    { key: "cpuUs", title: "CPU µs per reader", more: false },
    { key: "heldMs", title: "loop held ms", digits: 1, more: false },
  ],
  run: async (bench, scale) => {
    const { poll, positionOf, publish } = bench.dialect;
    const positions: string[] = [];
    const connection = bench.connect();
    for (let number = 0; number < 10; number += 1) {
      await bench.fill("one", 5);
      const page = expectSuccess(await connection.ask(poll?.("one", positions.at(-1), 1_000) ?? ""));
      positions.push(positionOf?.(page) ?? "");
    }
    await connection.ask(publish("one", messageText()));
    await listenTo(bench, ["one"]);
    const count = Math.round(10_000 * scale);
    const before = await bench.inside();
    const audience = bench.audience();
    const cost = await bench.cost(() =>
      audience.open(
        Array.from({ length: count }, (_, number) => streamFrom(positions[number % positions.length] ?? "")),
      ),
    );
    const after = await bench.inside();
    return {
      reads: (after?.logReads ?? Number.NaN) - (before?.logReads ?? 0),
      cpuUs: cost.cpuUs / count,
      heldMs: after?.heldMs ?? Number.NaN,
    };
  },
};

function streamFrom(position: string): string {
  const fields = "Host: localhost\r\nAccept: text/event-stream\r\n";
  return `GET /channels/one?stream=1&after=${position} HTTP/1.1\r\n${fields}\r\n`;
}

async function listenTo(bench: Bench, names: readonly string[]): Promise<Audience> {
  const { stream } = bench.dialect;
  if (!stream) throw new Error(`${bench.target.name} has no streams`);
  const audience = bench.audience();
  await audience.open(names.map(stream));
  return audience;
}

/** Publish `messages` messages to some channels in turn, and wait until all readers have received them. */
async function publishTo(
  bench: Bench,
  audience: Audience,
  names: readonly string[],
  messages: number,
): Promise<Sample & { readonly rate: number; readonly cpuUs: number }> {
  const { publish } = bench.dialect;
  const each = audience.readers.length / names.length;
  const seen = audience.count;
  let number = 0;
  const next = (): string | undefined => {
    if (number === messages) return undefined;
    number += 1;
    return publish(names[number % names.length] ?? "", messageText());
  };
  const cost = await bench.cost(async () => {
    await bench.repeat(16, next);
    await audience.until(seen + messages * each, TIMEOUT_MS);
  });
  return { rate: (messages * each) / cost.seconds, cpuUs: cost.cpuUs / messages };
}
