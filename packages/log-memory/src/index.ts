export { MemoryLog } from "./memory-log.ts";
export type { MemoryLogOptions } from "./memory-log-options.ts";
export { describeLog, openLog } from "./open-log.ts";
