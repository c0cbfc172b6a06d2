export { checkLog } from "./check/check-log.ts";
export { LmdbLog, type LmdbLogOptions } from "./lmdb-log.ts";
export { describeLog, openLog } from "./open-log.ts";
export type { Durability } from "./store/lmdb-store.ts";
