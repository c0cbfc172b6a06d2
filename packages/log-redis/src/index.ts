export type { RedisAddress } from "./connection.ts";
export { openRedisLog, type RedisLog, type RedisLogOptions } from "./redis-log.ts";
