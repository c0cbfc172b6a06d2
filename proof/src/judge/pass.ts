import type { Job, Judgement } from "./job.ts";
import { isKilled } from "./matrix.ts";
import { type PoolSize, runAll } from "./pool.ts";

/** How often a job runs again whose tests were inconclusive, as on a busy machine. */
const AGAIN = 4;

/** Run all jobs; a job with inconclusive tests runs again, alone. A real violation shows up again. */
export async function judgeAll(
  jobs: readonly Job[],
  onDone: (job: Job, judgement: Judgement) => void,
  size?: PoolSize,
): Promise<void> {
  let left = jobs;
  for (let again = 0; left.length > 0; again += 1) {
    const open: Job[] = [];
    const judged = (job: Job, judgement: Judgement): void => {
      if (!isGood(judgement) && isUndecided(judgement) && again < AGAIN) open.push(job);
      else onDone(job, judgement);
    };
    await runAll<Job, Judgement>(left, judged, again === 0 ? size : { processes: 1, each: 1 });
    left = open;
  }
}

/** Whether the suite reported exactly what was expected. */
export function isGood(judgement: Judgement): boolean {
  return judgement.kind === "mutant" ? isKilled(judgement.kill) : judgement.score.faults.length === 0;
}

function isUndecided(judgement: Judgement): boolean {
  return judgement.kind === "mutant" ? judgement.kill.undecided : judgement.score.undecided;
}

/** The result of a job in one line, followed by details if it is not as expected. */
export function describe({ id }: Job, judgement: Judgement): string {
  const mark = isGood(judgement) ? "ok " : "BAD";
  if (judgement.kind === "variant") {
    const { faults, verdict, wallMs } = judgement.score;
    return [`${mark} ${id}: ${verdict} (${seconds(wallMs)})`, ...faults].join("\n      ");
  }
  const { survived, blamed, idle, tests, verdict, wallMs } = judgement.kill;
  const lines = [`${mark} ${id}: ${verdict}, by ${tests.length} tests (${seconds(wallMs)})`];
  if (survived.length > 0) lines.push(`survives: ${survived.join(", ")}`);
  if (blamed.length > 0) lines.push(`found but not declared: ${blamed.join(", ")}`);
  if (idle.length > 0) lines.push(`declared as collateral but not found: ${idle.join(", ")}`);
  if (!isGood(judgement)) lines.push(...tests);
  return lines.join("\n      ");
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
