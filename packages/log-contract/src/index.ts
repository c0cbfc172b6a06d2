export type { Capability, LogHarness, LogUnderTest } from "./harness.ts";
export { checkHistory } from "./histories/history.ts";
export { checkRace } from "./histories/race.ts";
export { type ContractTests, contractTests, logContract, type Register } from "./log-contract.ts";
