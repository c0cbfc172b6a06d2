// What a process uses that serves channels with a `node:http` server of its own.
export { throttledReport } from "./throttled-report.ts";
