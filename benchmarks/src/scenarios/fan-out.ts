import { type Bench, expectSuccess } from "../bench.ts";
import { messageText } from "../load/message-text.ts";
import { percentile } from "../load/statistics.ts";
import type { Audience } from "../load/stream-reader.ts";
import type { Sample, Scenario } from "./scenario.ts";

const EVERYBODY = [
  "raw",
  "floor",
  "tidemark",
  "tidemark-koa",
  "tidemark-hono",
  "tidemark-metrics",
  "nchan",
  "better-sse",
  "durable-streams",
];

/** Publishers that wait for their answers; up to this many messages can arrive together. */
const PUBLISHERS = 64;
const DRAIN_MS = 60_000;

/** Messages before the measurement, so that the target's code is compiled. */
const WARM_UP = 20;

/** Readers of a channel that have received the warm-up messages. */
async function warmAudience(bench: Bench, readers: number): Promise<Audience> {
  const { stream, publish } = bench.dialect;
  if (!stream) throw new Error(`${bench.target.name} has no streams`);
  await bench.create("one");
  const audience = bench.audience();
  await audience.open(Array.from({ length: readers }, () => stream("one")));
  const publisher = bench.connect();
  for (let number = 1; number <= WARM_UP; number += 1) {
    expectSuccess(await publisher.ask(publish("one", messageText())));
    await audience.until(number * readers, DRAIN_MS);
  }
  return audience;
}

/** Many streams on one channel; messages as fast as the target accepts them. */
export function fanOut(readers: number, targets: readonly string[] = EVERYBODY): Scenario {
  return {
    id: `fan-out-${readers}`,
    title: `SSE fan-out to ${readers} readers of one channel, saturation`,
    targets,
    figures: [
      { key: "rate", title: "deliveries/s", more: true },
      { key: "cpuUs", title: "CPU µs per delivery", digits: 2, more: false },
      { key: "loadBusy", title: "load busy", digits: 2, more: true },
    ],
    run: (bench, scale) => saturate(bench, readers, 3 * scale),
  };
}

async function saturate(bench: Bench, readers: number, seconds: number): Promise<Sample> {
  const { publish } = bench.dialect;
  const audience = await warmAudience(bench, readers);
  const seen = audience.count;
  let published = 0;
  const cost = await bench.cost(async () => {
    const until = performance.now() + seconds * 1_000;
    await bench.repeat(PUBLISHERS, () => {
      if (performance.now() > until) return undefined;
      published += 1;
      return publish("one", messageText());
    });
    await audience.until(seen + published * readers, DRAIN_MS);
  });
  for (const { count } of audience.readers)
    if (count !== published + WARM_UP)
      throw new Error(`a reader received ${count} of ${published + WARM_UP} messages`);
  const deliveries = published * readers;
  return { rate: deliveries / cost.seconds, cpuUs: cost.cpuUs / deliveries, loadBusy: cost.loadBusy };
}

/** Many streams on one channel, messages one by one at a moderate rate: measures their age on arrival. */
export function paced(readers: number, perSecond: number, targets: readonly string[] = EVERYBODY): Scenario {
  return {
    id: `paced-${readers}`,
    title: `SSE fan-out to ${readers} readers, ${perSecond} messages/s`,
    targets,
    figures: [
      { key: "p99", title: "p99 ms", digits: 1, more: false },
      { key: "p50", title: "p50 ms", digits: 1, more: false },
      { key: "cpuUs", title: "CPU µs per delivery", digits: 2, more: false },
    ],
    run: (bench, scale) => pace(bench, readers, perSecond, 5 * scale),
  };
}

async function pace(bench: Bench, readers: number, perSecond: number, seconds: number): Promise<Sample> {
  const { publish } = bench.dialect;
  const audience = await warmAudience(bench, readers);
  audience.timed = true;
  const seen = audience.count;
  const count = Math.max(3, Math.round(perSecond * seconds));
  const publisher = bench.connect();
  const startedAt = performance.now();
  const cost = await bench.cost(async () => {
    for (let number = 0; number < count; number += 1) {
      const due = startedAt + (number * 1_000) / perSecond - performance.now();
      if (due > 0) await new Promise((resolve) => setTimeout(resolve, due));
      expectSuccess(await publisher.ask(publish("one", messageText())));
    }
    await audience.until(seen + count * readers, DRAIN_MS);
  });
  const { ages } = audience;
  return {
    p99: percentile(ages, 0.99),
    p50: percentile(ages, 0.5),
    cpuUs: cost.cpuUs / (count * readers),
  };
}
