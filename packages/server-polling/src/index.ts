export { pollMechanism } from "./poll-mechanism.ts";
export { type PollingOptions, polling } from "./polling.ts";
