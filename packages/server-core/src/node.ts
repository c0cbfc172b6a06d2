// For `node:http`, and for frameworks that hand out its requests.

export { throttledReport } from "./limits/throttled-report.ts";
export { createBoundedServer } from "./node/bounded-server.ts";
export { type NodeHandler, nodeHandler } from "./node/node-handler.ts";
