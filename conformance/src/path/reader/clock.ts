/** One small complete answer: when it was asked for and came, and the origin's clock in it. */
export interface ClockSample {
  readonly askedMs: number;
  readonly cameMs: number;
  readonly originMs: number;
}

/** How the two clocks relate. */
export interface Clock {
  /** The reader's clock minus the origin's, in milliseconds. */
  readonly offsetMs: number;
  /** The offset is exact to plus or minus this. */
  readonly uncertaintyMs: number;
  /** The shortest and the middle round trip. */
  readonly roundTripMs: number;
  readonly usualTripMs: number;
}

/** Estimate the offset from the sample with the shortest round trip: it is right to half of that. */
export function clockFrom(samples: readonly ClockSample[]): Clock {
  const trips = samples
    .map((sample) => ({ ...sample, tripMs: sample.cameMs - sample.askedMs }))
    .sort((a, b) => a.tripMs - b.tripMs);
  const [best] = trips;
  if (!best) throw new RangeError("no sample");
  return {
    offsetMs: (best.askedMs + best.cameMs) / 2 - best.originMs,
    uncertaintyMs: best.tripMs / 2,
    roundTripMs: best.tripMs,
    usualTripMs: trips[Math.floor(trips.length / 2)]?.tripMs ?? best.tripMs,
  };
}
