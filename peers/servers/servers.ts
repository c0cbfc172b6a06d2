import type { PeerServer } from "./start-server.ts";

/** The servers that the tests start. */
export const SERVERS = {
  betterSse: { id: "better-sse", packages: ["better-sse"], program: "better-sse.ts" },
  hono: { id: "hono", packages: ["hono", "@hono/node-server"], program: "hono.ts" },
  h3: { id: "h3", packages: ["h3"], program: "h3.ts" },
  fastifySse: { id: "fastify-sse", packages: ["@fastify/sse", "fastify"], program: "fastify-sse.ts" },
  graphqlSse: { id: "graphql-sse", packages: ["graphql-sse", "graphql"], program: "graphql-sse.ts" },
  mcpSdk: { id: "mcp-sdk", packages: ["@modelcontextprotocol/sdk"], program: "mcp-sdk.ts" },
} as const satisfies Readonly<Record<string, PeerServer>>;
