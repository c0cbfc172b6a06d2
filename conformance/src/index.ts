export type { Draft, Driver, DriverContext } from "./drive/driver.ts";
export { DriverError } from "./drive/driver.ts";
export type { RunEvent, RunReport } from "./run/event.ts";
export type { ServerOptions } from "./run/options.ts";
export { runServer } from "./run/run-server.ts";
export { ConformanceFailure, type ServerTest, serverTests } from "./run/server-tests.ts";
export { type ExtraHeader, parseExtraHeader } from "./wire/secrets.ts";
