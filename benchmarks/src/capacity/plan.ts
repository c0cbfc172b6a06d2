import { type Costs, type Load, simulateWorker, type WorkerRun } from "./simulate.ts";

/** A load, and the machines that carry it. */
export interface Cluster {
  readonly title: string;
  readonly load: Load;
  /** No message older than this, for 99 of 100 deliveries. */
  readonly p99Ms: number;
}

/** A typical rented node: 8 cores of which 7 serve, 32 GiB, 10 Gbit/s of which seven tenths are used. */
const NODE = { workers: 7, gib: 32, bytesPerS: 0.7 * 1.25e9 };
/** Memory of a process without streams, and of the kernel for one idle connection: generous estimates, not measured. */
const IDLE_PROCESS_GIB = 0.08;
const KERNEL_KIB = 8;
/** A worker that uses more of its core has no reserve for a burst. */
const BUSY = 0.6;
/** Seven tenths of one core of the log's engine. */
const LOG_US_PER_S = 0.7e6;
/** Bytes of an event besides its data, including TCP and IP. */
const FRAME_BYTES = 110;
const SECONDS = 120;
/** Workers of one cluster differ by chance: simulate this many, and take the worst. */
const SAMPLE = 3;

const MILLION = 1_000_000;
const each = { readers: MILLION, bytesPerDelivery: 200 + FRAME_BYTES, heartbeatS: 15 };

/** Typical loads with a million readers. */
export const CLUSTERS: readonly Cluster[] = [
  { title: "One channel, a message a second", load: { ...each, channels: 1, perSecond: 1 }, p99Ms: 100 },
  { title: "One channel, ten messages a second", load: { ...each, channels: 1, perSecond: 10 }, p99Ms: 100 },
  {
    title: "1 000 channels of 1 000, each a message in ten seconds",
    load: { ...each, channels: 1_000, perSecond: 100 },
    p99Ms: 100,
  },
  {
    title: "100 000 channels of ten, each a message a minute",
    load: { ...each, channels: 100_000, perSecond: 1_667 },
    p99Ms: 100,
  },
];

interface Tried {
  readonly nodes: number;
  readonly run: WorkerRun;
  /** The utilization of each limit; above 1, the limit is exceeded. */
  readonly used: Readonly<Record<string, number>>;
  readonly gibPerNode: number;
  readonly gbitPerNode: number;
  readonly logReadsPerS: number;
  /** Seconds until the other nodes serve the readers of a failed node; with a single node, until it serves them again. */
  readonly backS: number;
}

/** The largest number of nodes to try. */
const MAX_NODES = 256;

/** The fewest nodes that carry the load, or the number that comes closest. A second row shows half as many; for one node, two. */
export function planOf({ title, load, p99Ms }: Cluster, costs: Costs, seed: number): string {
  const attempt = (nodes: number): Tried => tryNodes(nodes, load, p99Ms, costs, seed);
  const nodes = fewest(attempt);
  const counts = nodes === 1 ? [1, 2] : [Math.floor(nodes / 2), nodes];
  const rows = counts.map((count) => rowOf(attempt(count), count === nodes));
  return `### ${title}

| nodes | worker busy | p99 ms | GiB a node | Gbit/s a node | log reads/s | a node fails: recovered in s | breaks first |
|---|---:|---:|---:|---:|---:|---:|---|
${rows.join("\n")}`;
}

function fewest(attempt: (nodes: number) => Tried): number {
  const doubling: Tried[] = [];
  for (let nodes = 1; nodes <= MAX_NODES; nodes *= 2) {
    const tried = attempt(nodes);
    doubling.push(tried);
    if (worst(tried).part > 1) continue;
    let least = nodes;
    for (let step = nodes / 4; step >= 1; step /= 2)
      if (worst(attempt(least - step)).part <= 1) least -= step;
    return least;
  }
  return doubling.reduce((best, next) => (worst(next).part < worst(best).part ? next : best)).nodes;
}

function tryNodes(nodes: number, load: Load, p99Ms: number, costs: Costs, seed: number): Tried {
  const workers = nodes * NODE.workers;
  const runs = Array.from({ length: SAMPLE }, (_, i) =>
    simulateWorker(load, workers, costs, SECONDS, seed + i),
  );
  const run = runs.reduce((worst, next) => (next.p99Ms > worst.p99Ms ? next : worst));
  const streams = load.readers / nodes;
  const gibPerNode =
    NODE.workers * IDLE_PROCESS_GIB + (streams * (costs.kibPerStream + KERNEL_KIB)) / 2 ** 20;
  const bytesPerS = run.deliveriesPerS * NODE.workers * load.bytesPerDelivery;
  const logReadsPerS = run.logReadsPerS * workers;
  return {
    nodes,
    run,
    gibPerNode,
    gbitPerNode: (bytesPerS * 8) / 1e9,
    logReadsPerS,
    backS: (streams * costs.connectUs) / ((Math.max(2, nodes) - 1) * NODE.workers * (1 - run.busy) * 1e6),
    used: {
      "CPU of workers": run.busy / BUSY,
      latency: run.p99Ms / p99Ms,
      memory: gibPerNode / (0.8 * NODE.gib),
      network: bytesPerS / NODE.bytesPerS,
      "the log": (load.perSecond * costs.appendUs + logReadsPerS * costs.readUs) / LOG_US_PER_S,
    },
  };
}

/** The most utilized limit; above 1, it is exceeded. */
function worst({ used }: Tried): { readonly name: string; readonly part: number } {
  const [[name = "", part = 0] = []] = Object.entries(used).sort(([, a], [, b]) => b - a);
  return { name, part };
}

function rowOf(tried: Tried, isChosen: boolean): string {
  const { nodes, run, gibPerNode, gbitPerNode, logReadsPerS, backS } = tried;
  const { name, part } = worst(tried);
  const cells = [
    isChosen && part <= 1 ? `**${nodes}**` : `${nodes}`,
    `${(100 * run.busy).toFixed(0)} %`,
    run.p99Ms.toFixed(1),
    gibPerNode.toFixed(1),
    gbitPerNode.toFixed(2),
    logReadsPerS.toFixed(0),
    backS.toFixed(1),
    `${name} (${(100 * part).toFixed(0)} %)`,
  ];
  return `| ${cells.join(" | ")} |`;
}
