// For a process that serves channels with its own `node:http` server.
export { createBoundedServer } from "./bounded-server.ts";
export { throttledReport } from "./throttled-report.ts";
