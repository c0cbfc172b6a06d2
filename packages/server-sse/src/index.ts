export { type SseOptions, sse } from "./sse.ts";
export { type SseMechanismOptions, sseMechanism, streamAnswers } from "./sse-mechanism.ts";
export type { Opening, StreamForm } from "./stream-form.ts";
