import { Bench } from "./bench.ts";
import { median } from "./load/statistics.ts";
import type { Sample, Scenario } from "./scenarios/scenario.ts";
import type { Target } from "./targets/target.ts";

/** The samples of each target, one per round; a failed round has an empty sample. */
export type Samples = ReadonlyMap<string, readonly Sample[]>;

/** Measure every target in turn in each round, in a fresh process, so that quiet minutes favour no target. */
export async function runRounds(
  scenario: Scenario,
  targets: readonly Target[],
  rounds: number,
  scale: number,
  told: (line: string) => void,
): Promise<Samples> {
  const samples = new Map<string, Sample[]>(targets.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round += 1)
    for (const target of targets) {
      const sample = await runOnce(scenario, target, scale, told);
      samples.get(target.name)?.push(sample);
      const figures = scenario.figures.map(({ key, digits = 0 }) => `${key} ${sample[key]?.toFixed(digits)}`);
      told(`  ${round}/${rounds} ${target.name}: ${figures.join(", ")}`);
    }
  return samples;
}

/** A target that cannot keep up has no figures in this round; that is a result, not an error. */
async function runOnce(
  scenario: Scenario,
  target: Target,
  scale: number,
  told: (line: string) => void,
): Promise<Sample> {
  const bench = await Bench.start(target);
  try {
    return await scenario.run(bench, scale);
  } catch (error) {
    told(`  ${target.name} failed: ${error instanceof Error ? error.message : error}`);
    return {};
  } finally {
    await bench.stop();
  }
}

/** A figure over all rounds: its median, and its ratio to another target's figure in the same rounds. */
export interface Comparison {
  readonly median: number;
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/** Compare a figure of two targets, round by round. */
export function compare(samples: Samples, key: string, target: string, reference: string): Comparison {
  const own = (samples.get(target) ?? []).map((sample) => sample[key] ?? Number.NaN);
  const other = (samples.get(reference) ?? []).map((sample) => sample[key] ?? Number.NaN);
  const ratios = own.map((value, round) => value / (other[round] ?? Number.NaN)).filter(Number.isFinite);
  return {
    median: median(own.filter(Number.isFinite)),
    ratio: median(ratios),
    low: Math.min(...ratios),
    high: Math.max(...ratios),
  };
}
