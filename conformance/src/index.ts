export type { ClientOptions } from "./client/client-options.ts";
export type { Hello, Order, Told } from "./client/contract.ts";
export type { AdapterLink, AdapterListener, ConnectAdapter } from "./client/link.ts";
export { runClient } from "./client/run-client.ts";
export type { Control } from "./control/control.ts";
export { httpControl } from "./control/http-control.ts";
export type { Draft, Driver, DriverContext } from "./drive/driver.ts";
export { DriverError } from "./drive/driver.ts";
export type { RunEvent, RunReport } from "./run/event.ts";
export type { ServerOptions } from "./run/options.ts";
export { runServer } from "./run/run-server.ts";
export {
  ConformanceFailure,
  type ServerTest,
  type ServerTestsOptions,
  serverTests,
} from "./run/server-tests.ts";
export { type ExtraHeader, parseExtraHeader } from "./wire/secrets.ts";
