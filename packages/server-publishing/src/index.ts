export { type PublishOptions, publishMechanism } from "./publish-mechanism.ts";
export { type PublishingOptions, publishing } from "./publishing.ts";
