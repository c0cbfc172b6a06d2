// For `node:http`, and for frameworks that hand out its requests: Express, Koa, Fastify.
export { fromNode, type NodeListener, nodeRequestOf } from "./node/from-node.ts";
