export { type Channels, type ChannelsOptions, channels } from "./channels.ts";
export type { MechanismOptions } from "./mechanisms.ts";
