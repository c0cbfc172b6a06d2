export { type CheckOptions, type CheckReport, checkLog } from "./check/check-log.ts";
export type { Damage } from "./check/inspection.ts";
export type { Repair } from "./check/repair.ts";
export { LmdbLog, type LmdbLogOptions } from "./lmdb-log.ts";
export type { Durability } from "./store/lmdb-store.ts";
