export { LmdbLog, type LmdbLogOptions } from "./lmdb-log.ts";
export type { Durability } from "./store/lmdb-store.ts";
