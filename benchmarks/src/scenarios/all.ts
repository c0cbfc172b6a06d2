import { catchUpPages, catchUpStream } from "./catch-up.ts";
import { fanOut, paced } from "./fan-out.ts";
import { growth, manyChannels, reconnect } from "./growth.ts";
import { idle } from "./idle.ts";
import { longPoll, nothingNew, pageOfTen } from "./polls.ts";
import { publishing } from "./publishing.ts";
import type { Scenario } from "./scenario.ts";

/** Every scenario, in the order of the report. */
export const SCENARIOS: readonly Scenario[] = [
  fanOut(1_000),
  paced(1_000, 10),
  longPoll(1_000),
  nothingNew,
  pageOfTen,
  publishing(0),
  publishing(100),
  catchUpPages,
  catchUpStream,
  idle,
  fanOut(5_000),
  paced(5_000, 2),
  fanOut(100),
  growth,
  reconnect,
  manyChannels,
  fanOut(10_000, ["raw", "floor", "tidemark", "nchan"]),
];
