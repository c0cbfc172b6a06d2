import { readdirSync, readFileSync } from "node:fs";

/** The resources that a process has used so far. */
export interface Usage {
  /** CPU time of all its threads, user and system, in microseconds. */
  readonly cpuUs: number;
  readonly residentBytes: number;
}

const PAGE_BYTES = 4_096;

/** Read the usage of a process from the kernel, so it works for targets in any language. Linux only. */
export function usageOf(pid: number): Usage {
  let cpuNs = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`))
    cpuNs += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ", 1)[0]);
  const pages = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
  return { cpuUs: cpuNs / 1_000, residentBytes: pages * PAGE_BYTES };
}
