import type { Kind } from "../behavior.ts";
import type { StreamSubject } from "../subject.ts";
import { ODD_FRAMING } from "./framing.ts";
import { ODD_OPENING } from "./opening.ts";
import { ODD_RESUME } from "./resume.ts";

const TITLES: Readonly<Record<Kind, string>> = {
  live: "a feed without ids",
  history: "a feed with ids and a history",
  run: "a run that ends, with ids",
  model: "a language model, by POST",
};

/** The servers without a fault and without a peculiarity, one of each kind. */
export const PLAIN_STREAMS: readonly StreamSubject[] = (Object.keys(TITLES) as Kind[]).map((kind) => ({
  id: `plain-${kind}`,
  title: TITLES[kind],
  kind,
  changes: {},
}));

/** Servers that conform: the plain ones, and those that are unusual in one way. */
export const STREAM_ODDITIES: readonly StreamSubject[] = [
  ...PLAIN_STREAMS,
  ...ODD_OPENING,
  ...ODD_FRAMING,
  ...ODD_RESUME,
];
