import type { ChannelServerOptions } from "@tidemark/server-core";

/** The options of the server behind the runs; see its README. */
export type ConnectionOptions = Pick<
  ChannelServerOptions<Request>,
  "maxConnections" | "maxConnectionsPerPrincipal" | "drainTimeoutMs" | "cors"
>;
