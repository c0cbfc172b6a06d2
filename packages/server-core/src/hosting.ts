// What a process uses that serves channels with a `node:http` server of its own.
export { createBoundedServer } from "./bounded-server.ts";
export { throttledReport } from "./throttled-report.ts";
