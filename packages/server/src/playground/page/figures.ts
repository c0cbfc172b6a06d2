import type { ColumnEvent } from "./column-event.ts";

/** The most delays that percentiles are computed from. */
const MAX_SAMPLES = 4_096;

/** Percentiles and dots concern the messages of this time, in milliseconds. */
export const WINDOW_MS = 30_000;

/** A message's delay, and when it arrived. */
export interface Sample {
  readonly t: number;
  readonly delayMs: number;
}

/** The figures of a column. */
export interface Figures {
  requests: number;
  failed: number;
  /** Requests without the end of their answer. */
  open: number;
  bodyUp: number;
  bodyDown: number;
  messages: number;
  lost: number;
  repeated: number;
  state: string;
  /** Bytes on the wire, if something on the way can count them. */
  wire?: { readonly up: number; readonly down: number };
  /** The newest delays, oldest first. */
  readonly samples: Sample[];
}

export function createFigures(): Figures {
  const counts = {
    requests: 0,
    failed: 0,
    open: 0,
    bodyUp: 0,
    bodyDown: 0,
    messages: 0,
    lost: 0,
    repeated: 0,
  };
  return { ...counts, state: "connecting", samples: [] };
}

/** Count an event. */
export function count(figures: Figures, event: ColumnEvent): void {
  switch (event.type) {
    case "request":
      figures.requests += 1;
      figures.open += 1;
      figures.bodyUp += event.up;
      break;
    case "body":
    case "size":
      figures.bodyDown += event.down ?? 0;
      break;
    case "end":
      figures.open -= 1;
      if (event.failed) figures.failed += 1;
      break;
    case "message":
      figures.messages += 1;
      figures.lost += event.lost;
      figures.repeated += event.repeated;
      if (event.delayMs !== undefined) keep(figures.samples, { t: event.t, delayMs: event.delayMs });
      break;
    case "state":
      figures.state = event.state;
      break;
    case "wire":
      figures.wire = { up: event.up, down: event.down };
      break;
  }
}

/** Keep a sample, and drop those that left the window. */
function keep(samples: Sample[], sample: Sample): void {
  samples.push(sample);
  dropOld(samples, sample.t);
}

/** Drop the samples that left the window, and the oldest of too many. */
export function dropOld(samples: Sample[], now: number): void {
  const first = samples.findIndex(({ t }) => t >= now - WINDOW_MS);
  const old = first === -1 ? samples.length : first;
  samples.splice(0, Math.max(old, samples.length - MAX_SAMPLES));
}

/** The value that the share `p` of the samples do not exceed (nearest rank); undefined without samples. */
export function percentile(samples: readonly Sample[], p: number): number | undefined {
  const sorted = samples.map(({ delayMs }) => delayMs).sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)];
}
