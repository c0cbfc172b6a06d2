export type { ClusterAddress, RedisAddress } from "./address.ts";
export { RedisLog, type RedisLogOptions } from "./redis-log.ts";
