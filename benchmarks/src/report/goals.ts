import { compare, type Samples } from "../rounds.ts";

/** A goal: the ratio of our figure to another target's, and its limit. */
interface Goal {
  readonly scenario: string;
  readonly key: string;
  readonly of: string;
  readonly against: string;
  readonly least?: number;
  readonly most?: number;
}

const ours = "tidemark";
const GOALS: readonly Goal[] = [
  { scenario: "fan-out-1000", key: "rate", of: ours, against: "nchan", least: 2 },
  { scenario: "fan-out-1000", key: "rate", of: ours, against: "durable-streams", least: 20 },
  { scenario: "fan-out-1000", key: "rate", of: ours, against: "better-sse", least: 5 },
  { scenario: "paced-1000", key: "p99", of: ours, against: "nchan", most: 1 },
  { scenario: "fan-out-5000", key: "rate", of: ours, against: "nchan", least: 1.5 },
  { scenario: "paced-5000", key: "p99", of: ours, against: "raw", most: 1.2 },
  { scenario: "long-poll-1000", key: "rate", of: ours, against: "floor", least: 1 },
  { scenario: "long-poll-1000", key: "rate", of: ours, against: "durable-streams", least: 3 },
  { scenario: "long-poll-1000", key: "cpuUs", of: ours, against: "floor", most: 1.2 },
  { scenario: "poll-nothing-new", key: "rate", of: ours, against: "floor", least: 0.95 },
  { scenario: "poll-nothing-new", key: "rate", of: ours, against: "durable-streams", least: 1.3 },
  { scenario: "poll-page-of-10", key: "rate", of: ours, against: "floor", least: 0.9 },
  { scenario: "catch-up-pages", key: "rate", of: ours, against: "floor", least: 0.8 },
  { scenario: "catch-up-pages", key: "rate", of: ours, against: "durable-streams", least: 5 },
  { scenario: "catch-up-sse", key: "rate", of: ours, against: "floor", least: 0.8 },
  { scenario: "catch-up-sse", key: "rate", of: ours, against: "durable-streams", least: 5 },
  { scenario: "catch-up-sse", key: "rate", of: ours, against: "nchan", least: 40 },
  { scenario: "publish-0", key: "rate", of: ours, against: "floor", least: 0.8 },
  { scenario: "publish-100", key: "rate", of: ours, against: "floor", least: 1.2 },
  { scenario: "idle-10000", key: "kib", of: ours, against: "floor", most: 1 },
];

/** The goals that a run has figures for, as a Markdown table. */
export function goalsOf(results: ReadonlyMap<string, Samples>): string {
  const rows = GOALS.flatMap(({ scenario, key, of, against, least, most }) => {
    const samples = results.get(scenario);
    if (!samples?.has(of) || !samples.has(against)) return [];
    const { ratio, low, high } = compare(samples, key, of, against);
    if (Number.isNaN(ratio)) return [];
    const bound = least === undefined ? `≤ ${most}` : `≥ ${least}`;
    const isMet = least === undefined ? ratio <= (most ?? 0) : ratio >= least;
    const spread = `${low.toFixed(2)}–${high.toFixed(2)}`;
    return `| ${scenario} | ${key} × ${against} | ${bound} | ${ratio.toFixed(2)} | ${spread} | ${isMet ? "met" : "missed"} |`;
  });
  if (rows.length === 0) return "";
  return `### Goals\n\n| scenario | figure | goal | median | spread | |\n|---|---|---:|---:|---:|---|\n${rows.join("\n")}\n`;
}
