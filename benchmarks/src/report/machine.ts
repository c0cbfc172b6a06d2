import { cpus, release, totalmem } from "node:os";

/** The machine and runtime of the measurement, in one line. */
export function machine(): string {
  const [cpu] = cpus();
  const gib = Math.round(totalmem() / 1_024 ** 3);
  return `Node ${process.versions.node}, Linux ${release().split("-")[0]}, ${cpus().length} × ${cpu?.model.trim()}, ${gib} GiB`;
}
