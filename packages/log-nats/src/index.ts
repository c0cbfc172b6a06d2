export type { NatsAddress } from "./connection.ts";
export { NatsLog, type NatsLogOptions } from "./nats-log.ts";
export { describeLog, openLog } from "./open-log.ts";
