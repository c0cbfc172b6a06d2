import type { Job, Judgement } from "./job.ts";
import { isKilled } from "./matrix.ts";
import { type PoolSize, runAll } from "./pool.ts";

/** Judge everything; what went wrong while the machine was late is judged once more, alone. */
export async function judgeAll(
  jobs: readonly Job[],
  onDone: (job: Job, judgement: Judgement) => void,
  size?: PoolSize,
): Promise<void> {
  const late: Job[] = [];
  await runAll<Job, Judgement>(
    jobs,
    (job, judgement) => {
      if (!isGood(judgement) && isLate(judgement)) late.push(job);
      else onDone(job, judgement);
    },
    size,
  );
  await runAll<Job, Judgement>(late, onDone, { processes: 1, each: 1 });
}

/** The suite said what it had to say. */
export function isGood(judgement: Judgement): boolean {
  return judgement.kind === "mutant" ? isKilled(judgement.kill) : judgement.score.faults.length === 0;
}

function isLate(judgement: Judgement): boolean {
  return judgement.kind === "mutant" ? judgement.kill.lagged : judgement.score.lagged;
}

/** What became of a job, in a line and, where it is wrong, some more. */
export function describe({ id }: Job, judgement: Judgement): string {
  const mark = isGood(judgement) ? "ok " : "BAD";
  if (judgement.kind === "variant") {
    const { faults, verdict, wallMs } = judgement.score;
    return [`${mark} ${id}: ${verdict} (${seconds(wallMs)})`, ...faults].join("\n      ");
  }
  const { survived, blamed, idle, tests, verdict, wallMs } = judgement.kill;
  const lines = [`${mark} ${id}: ${verdict}, by ${tests.length} tests (${seconds(wallMs)})`];
  if (survived.length > 0) lines.push(`survives: ${survived.join(", ")}`);
  if (blamed.length > 0) lines.push(`blamed without reason: ${blamed.join(", ")}`);
  if (idle.length > 0) lines.push(`declared as collateral, and not found: ${idle.join(", ")}`);
  if (!isGood(judgement)) lines.push(...tests);
  return lines.join("\n      ");
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
