import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { until } from "../../../testing/servers/serving.ts";
import type { Run } from "./tidemark-command.ts";

/** The process ids of the command's workers, the oldest first. */
export function workersOf({ child: { pid } }: Run): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
}

/** How many open file descriptors the primary process has. */
export function descriptorsOf({ child: { pid } }: Run): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** Resolves once the command has printed `text` so many times on stderr. */
export async function says({ child, output }: Run, text: RegExp, times: number): Promise<void> {
  while ([...output.stderr.matchAll(text)].length < times) await once(child.stderr ?? child, "data");
}

/** Resolves once the process has ended, which can take long on a busy machine. */
export function gone(pid: number): Promise<void> {
  return until(() => !runs(pid), `process ${pid} has ended`);
}

/** Whether the process runs. A zombie has ended, and is only listed until its parent collects it. */
function runs(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
