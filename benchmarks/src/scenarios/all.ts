import { catchUpPages, catchUpStream } from "./catch-up.ts";
import { fanOut, paced } from "./fan-out.ts";
import { growth, manyChannels, reconnect } from "./growth.ts";
import { idle } from "./idle.ts";
import { longPoll, nothingNew, pageOfTen } from "./polls.ts";
import { publishing } from "./publishing.ts";
import type { Scenario } from "./scenario.ts";

/** Every question, in the order of the report. */
export const SCENARIOS: readonly Scenario[] = [
  fanOut(100),
  fanOut(1_000),
  fanOut(5_000),
  fanOut(10_000, ["raw", "floor", "tidemark", "nchan"]),
  paced(1_000, 10),
  paced(5_000, 2),
  longPoll(1_000),
  nothingNew,
  pageOfTen,
  catchUpPages,
  catchUpStream,
  publishing(0),
  publishing(100),
  manyChannels,
  idle,
  growth,
  reconnect,
];
