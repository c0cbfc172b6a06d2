// For `node:http`, `node:http2`, and the frameworks that hand out their requests.
export { channels, type NodeChannels, type NodeChannelsOptions } from "./node-channels.ts";
