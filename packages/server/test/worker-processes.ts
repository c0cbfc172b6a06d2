import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { until } from "../../server-core/test/serving.ts";
import type { Run } from "./tidemark-command.ts";

/** The processes of its workers, the oldest first. */
export function workersOf({ child: { pid } }: Run): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
}

/** How many descriptors its first process has. */
export function descriptorsOf({ child: { pid } }: Run): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** Resolves once the command has said this so many times. */
export async function says({ child, output }: Run, text: RegExp, times: number): Promise<void> {
  while ([...output.stderr.matchAll(text)].length < times) await once(child.stderr ?? child, "data");
}

/** Resolves once the process has ended; on a busy machine that takes its time. */
export function gone(pid: number): Promise<void> {
  return until(() => !runs(pid), `process ${pid} has ended`);
}

/** Whether the process runs; one that has ended may still be listed, until somebody asks how. */
function runs(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
