import type { Delays } from "./delays.ts";
import type { ReadersBehind } from "./readers-behind.ts";

/** What is measured about one feed. */
export interface ObservedFeed {
  readonly delays: Delays;
  readonly behind: ReadersBehind;
}
