/** What the advice depends on. */
export interface Situation {
  /** Messages per second; undefined if the page does not know it. */
  readonly rate: number | undefined;
  readonly pollMs: number;
  readonly hold: boolean;
  readonly cut: boolean;
  readonly cutAfterS: number;
}

/** Which mechanism to choose, and why, in one or two sentences. */
export interface Advice {
  readonly choice: "polling" | "long-polling" | "sse" | undefined;
  readonly text: string;
}

/** Below this rate, in messages per second, a connection is idle for most of the time. */
const RARE = 0.2;

/** A stream that is cut more often than this, in seconds, spends much of its time reconnecting. */
const SHORT_S = 5;

/** The mechanism to choose in a situation. */
export function advise({ rate, pollMs, hold, cut, cutAfterS }: Situation): Advice {
  const interval = seconds(pollMs / 1_000);
  if (cut)
    return {
      choice: undefined,
      text: "The connection is cut, so nothing arrives. When it is back, all three resume after the last message that they received, and nothing is lost.",
    };
  if (hold)
    return {
      choice: "long-polling",
      text: "Choose long polling: something on the way holds answers back until they are complete. A stream is never complete, but a long poll is complete as soon as there is a message.",
    };
  if (cutAfterS > 0 && cutAfterS <= SHORT_S)
    return {
      choice: "polling",
      text: `Choose polling: every answer is cut after ${seconds(cutAfterS)}, so a stream is often reconnecting, and an idle long poll never gets its answer. A poll is over before the cut.`,
    };
  if (rate !== undefined && rate < RARE)
    return {
      choice: "polling",
      text: `Choose polling if a delay of up to ${interval} is acceptable: messages are rare, and an unchanged page costs an empty answer. Otherwise choose SSE.`,
    };
  const perSecond = rate === undefined ? "each message" : `about ${requests(rate)} per second`;
  return {
    choice: "sse",
    text: `Choose SSE: each message arrives at once, on one open connection. Long polling needs a new request for ${rate === undefined ? perSecond : `nearly every message (${perSecond})`}, and polling delivers ${seconds(pollMs / 2_000)} late on average.`,
  };
}

function seconds(s: number): string {
  return s < 1 ? `${Math.round(s * 1_000)} ms` : `${Number(s.toFixed(1))} s`;
}

function requests(rate: number): string {
  return rate >= 1 ? String(Math.round(rate)) : String(Number(rate.toFixed(1)));
}
