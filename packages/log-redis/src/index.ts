export type { ClusterAddress, RedisAddress } from "./connection.ts";
export { RedisLog, type RedisLogOptions } from "./redis-log.ts";
