export { type SseMechanismOptions, type SseOptions, sse, sseMechanism } from "./sse.ts";
