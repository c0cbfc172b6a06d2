import type { Dice } from "../dice.ts";
import type { History } from "../steps.ts";
import type { Swarm } from "../swarm.ts";
import { Build } from "./build.ts";
import { closing } from "./closing.ts";
import { keysInARow, refusedThenRepeated, sameKey, tiedToTheEnd } from "./keys.ts";
import { faultyReads, hugeNumbers, longLog, sameUrl, spelledBodies, validators, walk } from "./pages.ts";
import { keyLife, silence, wholeWaits } from "./patience.ts";
import {
  alikeFilters,
  heldFilter,
  heldGap,
  largeMessages,
  longReplay,
  manyHolds,
  manyStreams,
  resumption,
  siblings,
  travelledStreams,
} from "./readers.ts";
import { heldRemoval, removal, unwritten } from "./removal.ts";
import { restart } from "./restart.ts";
import { emptied, retention } from "./retention.ts";

type Idiom = (b: Build) => History;

const ALWAYS: readonly Idiom[] = [
  keysInARow,
  sameKey,
  refusedThenRepeated,
  tiedToTheEnd,
  closing,
  closing,
  removal,
  unwritten,
  validators,
  validators,
  walk,
  walk,
  sameUrl,
  spelledBodies,
  faultyReads,
  faultyReads,
  hugeNumbers,
  siblings,
  heldGap,
  heldRemoval,
  largeMessages,
  travelledStreams,
  longLog,
  alikeFilters,
];

const WITH_HOLDS: readonly Idiom[] = [manyHolds, heldFilter];

const WITH_STREAMS: readonly Idiom[] = [longReplay, manyStreams, resumption];

const WITH_TRIM: readonly Idiom[] = [retention, emptied];

/**
 * Draws steps that have to follow each other; such a sequence would be rare otherwise. With a number, it is the idiom of
 * this number: so that a run has them all, however short it is.
 */
export function drawIdiom(dice: Dice, swarm: Swarm, number?: number): History {
  const { offers } = swarm;
  const all = [
    ...ALWAYS,
    ...(offers.longPoll ? WITH_HOLDS : []),
    ...(offers.sse ? WITH_STREAMS : []),
    ...(offers.trim ? WITH_TRIM : []),
  ];
  const idiom = (number === undefined ? undefined : all[number % all.length]) ?? dice.pick(all);
  return idiom(new Build(dice, swarm));
}

/** Draws steps that wait for something that takes long. */
export function drawPatient(dice: Dice, swarm: Swarm, number: number): History {
  const { offers } = swarm;
  const all = [
    ...(offers.longPoll ? [wholeWaits] : []),
    ...(offers.heartbeatS === undefined ? [] : [silence]),
    ...(offers.keyTtlS === undefined ? [] : [keyLife]),
  ];
  return all[number % Math.max(1, all.length)]?.(new Build(dice, swarm)) ?? [];
}

/** Draws a history around a restart. */
export function drawRestart(dice: Dice, swarm: Swarm): History {
  return restart(new Build(dice, swarm));
}
