export { type PollingOptions, polling, pollMechanism } from "./polling.ts";
