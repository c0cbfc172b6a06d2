import { median } from "../load/statistics.ts";
import { type Observed, observe } from "./observe.ts";
import { observeLog } from "./observe-log.ts";
import { type Costs, simulateWorker } from "./simulate.ts";

/** The figures of a worker, measured or simulated. */
export interface Shown {
  readonly busy: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Costs, and a comparison of the model with runs that the costs were not derived from. */
export interface Measured {
  readonly head: string;
  readonly costs: Costs;
  readonly validation: readonly { readonly what: string; readonly seen: Shown; readonly simulated: Shown }[];
}

const SECONDS = 6;
const ROUNDS = 5;
const HEARTBEAT_S = 15;
const NEW_READERS = [2_000, 5_000, 10_000];
/** Nodes on one log, to separate the cost of a read from that of an append. */
const CROWD = 4;

/** Measure with 1 000 and 4 000 readers alternately, derive the costs, and validate them with other numbers of readers. */
export async function measure(head: string, report: (line: string) => void): Promise<Measured> {
  const few: Observed[] = [];
  const many: Observed[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    few.push(await observe(1_000, 10, SECONDS));
    many.push(await observe(4_000, 5, SECONDS));
    report(
      `round ${round + 1}: ${few[round]?.messageUs.toFixed(0)} µs for 1 000, ${many[round]?.messageUs.toFixed(0)} µs for 4 000`,
    );
  }
  const of = (some: readonly Observed[], key: keyof Observed): number => median(some.map((one) => one[key]));
  const deliveryUs = (of(many, "messageUs") - of(few, "messageUs")) / 3_000;
  const alone = await observeLog(1);
  const crowd = await observeLog(CROWD);
  const readUs = (crowd.redisUs - alone.redisUs) / (CROWD - 1);
  const costs: Costs = {
    wakeUs: crowd.nodeUs - deliveryUs,
    deliveryUs,
    connectUs: of(many, "connectUs"),
    kibPerStream: of(many, "kibPerStream"),
    appendUs: alone.redisUs - readUs,
    readUs,
  };
  const validation = [];
  for (const readers of NEW_READERS) validation.push(await validate(readers, readers > 5_000 ? 2 : 5, costs));
  return { head, costs, validation };
}

async function validate(readers: number, perSecond: number, costs: Costs) {
  const runs: Observed[] = [];
  for (let round = 0; round < 3; round += 1) runs.push(await observe(readers, perSecond, SECONDS));
  const seen = {
    busy: (median(runs.map(({ messageUs }) => messageUs)) * perSecond) / 1e6,
    p50Ms: median(runs.map(({ p50Ms }) => p50Ms)),
    p99Ms: median(runs.map(({ p99Ms }) => p99Ms)),
  };
  const load = {
    readers,
    channels: 1,
    perSecond,
    isPaced: true,
    bytesPerDelivery: 0,
    heartbeatS: HEARTBEAT_S,
  };
  const { busy, p50Ms, p99Ms } = simulateWorker(load, 1, costs, 600, 1);
  return { what: `${readers} readers, ${perSecond} messages/s`, seen, simulated: { busy, p50Ms, p99Ms } };
}
