import type { StreamMutant } from "../subject.ts";
import { FINITE } from "./finite.ts";
import { FRAMING } from "./framing.ts";
import { HISTORY } from "./history.ts";
import { IDS } from "./ids.ts";
import { LIFE } from "./life.ts";
import { OPENING } from "./opening.ts";
import { RESUME } from "./resume.ts";

/** Every broken server of event streams. */
export const STREAM_MUTANTS: readonly StreamMutant[] = [
  ...OPENING,
  ...FRAMING,
  ...LIFE,
  ...RESUME,
  ...HISTORY,
  ...IDS,
  ...FINITE,
];
