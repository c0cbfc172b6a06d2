export type { ClusterAddress, RedisAddress } from "./address.ts";
export { describeLog, openLog } from "./open-log.ts";
export { RedisLog, type RedisLogOptions } from "./redis-log.ts";
