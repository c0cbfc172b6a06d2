export {
  type PublishingOptions,
  type PublishOptions,
  publishing,
  publishMechanism,
} from "./publishing.ts";
