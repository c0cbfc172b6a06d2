export type { Control } from "./engine/drive/control.ts";
export type { Draft, Driver, DriverContext } from "./engine/drive/driver.ts";
export { DriverError } from "./engine/drive/driver.ts";
export { httpControl } from "./engine/drive/http-control.ts";
export type { RunEvent, RunReport } from "./engine/model/event.ts";
export type { ServerOptions } from "./engine/run/options.ts";
export { runServer } from "./engine/run/run-server.ts";
export {
  ConformanceFailure,
  type ServerTest,
  type ServerTestsOptions,
  serverTests,
} from "./engine/run/server-tests.ts";
export { type ExtraHeader, parseExtraHeader } from "./engine/wire/secrets.ts";
export type { ClientOptions } from "./suites/tidemark/client/client-options.ts";
export type { Hello, Order, Told } from "./suites/tidemark/client/contract.ts";
export type { AdapterLink, AdapterListener, ConnectAdapter } from "./suites/tidemark/client/link.ts";
export { runClient } from "./suites/tidemark/client/run-client.ts";
