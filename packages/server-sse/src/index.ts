export { type SseOptions, sse } from "./sse.ts";
export { type SseMechanismOptions, sseMechanism } from "./sse-mechanism.ts";
