export { AnswerError, ConnectionError } from "@tidemark/client-core";
export type { Draft, Published } from "@tidemark/protocol";
export { publish } from "./publish.ts";
export type { PublishOptions } from "./publish-options.ts";
