export type { Appended, AppendOptions, Log, ReadOptions, Unwatch } from "./log.ts";
export { formatLogCursor, type LogCursor, newEpoch, newTag, parseLogCursor } from "./log-cursor.ts";
export type { LogHealth, Unlisten } from "./log-health.ts";
export type {
  CheckOptions,
  CheckReport,
  Damage,
  LogDescription,
  LogPackage,
  OpenLogOptions,
  Repair,
} from "./log-package.ts";
export { type Adoption, isListed, isMovable, type ListedLog, type MovableLog } from "./movable-log.ts";
export { closedError, type Extent, gapError, keyReusedError, notAtEndError } from "./refusals.ts";
export type { RetentionOptions } from "./retention.ts";
