// What our logs share besides cursors and errors, for authors of logs.

export { EngineClock } from "./engine-clock.ts";
export { type AppendAll, JointAppends, type JointBounds } from "./joint-appends.ts";
export { HealthState } from "./log-health.ts";
export { withoutUser } from "./log-package.ts";
export { adoptedCursors } from "./movable-log.ts";
export { atLeast, type Retention, resolveRetention } from "./retention.ts";
export { Watchers } from "./watchers.ts";
