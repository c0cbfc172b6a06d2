import type { Answer, QuestionId } from "./answer.ts";
import { fixFor, type Software } from "./software.ts";

/** What to set, and the line of configuration that repairs the cause in the software on the way. */
export interface Setting {
  readonly id: QuestionId;
  readonly advice: string;
  /** For each software that was recognized: its line. */
  readonly fixes: readonly { readonly software: Software; readonly line: string }[];
  /** With `--through`: the lines of the user's configuration that cause it, as `file:line: text`. */
  readonly causes?: readonly string[];
}

/** Derive the settings from the answers. Only what was seen leads to a setting. */
export function settingsFor(answers: readonly Answer[], software: readonly Software[]): readonly Setting[] {
  return answers
    .filter(({ standing }) => standing === "fault" || standing === "note")
    .map((one) => ({
      id: one.id,
      advice: adviceFor(one),
      fixes: software.flatMap((name) => {
        const line = fixFor(name, one.id);
        return line === undefined ? [] : [{ software: name, line }];
      }),
    }));
}

/** The share of a limit that a heartbeat may take, so that one late heartbeat is no cut. */
const HEARTBEAT_SHARE = 5 / 12;

/** The share of a limit that a wait may take. */
const WAIT_SHARE = 5 / 6;

function seconds(ms: unknown, share: number): string {
  const value = (Number(ms) / 1_000) * share;
  return `${value >= 2 ? Math.floor(value) : Math.floor(value * 10) / 10} s`;
}

type Advice = (answer: Answer) => string;

const ADVICE: Readonly<Partial<Record<QuestionId, Advice>>> = {
  query: () => "keep the query unchanged: the position of a reader is in it",
  latency: ({ text }) => `small requests take ${text}: find the hop that delays everything`,
  stream: () => "streams are held back or ended: repair the hop, or offer long polls only",
  bytes: () => "something rewrites answers: exclude text/event-stream and application/json",
  fields: ({ data }) =>
    data.needs === ""
      ? "streams need more than one of the anti-buffering fields: send all"
      : `streams are held back unless the answer has ${data.needs}: keep that field`,
  post: () => "the answer to a POST is held back: read streams by GET",
  accept: () => "streams need Accept: text/event-stream in the request",
  compression: () => "do not compress text/event-stream",
  http2: () => "HTTP/2 holds streams back: repair it, or let readers use HTTP/1.1",
  head: () => "the head is held back until the first write: send a first block at once, as $open does",
  idle: ({ data }) =>
    `idle streams are cut after ${seconds(data.cutMs, 1)}: set the heartbeat to at most ${seconds(data.cutMs, HEARTBEAT_SHARE)}`,
  heartbeat: ({ data }) =>
    `streams are ended after ${seconds(data.cutMs, 1)}, whatever they send: let the server end them earlier (maxAgeS), and expect reconnects`,
  wait: ({ data }) =>
    `long polls are cut after ${seconds(data.cutMs, 1)}: set the longest wait to at most ${seconds(data.cutMs, WAIT_SHARE)}`,
  end: () =>
    "a cut stream looks finished: readers must reconnect after every end, and resume from their cursor",
  disconnect: ({ data }) =>
    data.needsWrites
      ? "the origin learns that a reader has left only when it writes: send heartbeats"
      : "the origin keeps streams whose readers have left: limit their age (maxAgeS)",
  backpressure: () => "something stores what slow readers do not read: limit its buffers",
  parallel: ({ data }) => `only ${data.open} streams run at the same time: raise the limit, or use HTTP/2`,
  status: () => "something replaces errors: readers then cannot tell a gap from an outage",
  cached: ({ data }) =>
    data.despite === ""
      ? "send no-store with every error and page that may change"
      : "stop the cache from storing what says no-store",
  key: () => "use the whole query as the cache key: otherwise readers get pages of other positions",
  vary: () => "let the cache honour Vary, or always send stream=1 for streams",
  "response-fields": () => "pass these response fields on",
  "request-fields": () => "pass these request fields on",
  body: () => "accept request bodies of 1 MB, or publish smaller ones",
};

function adviceFor(one: Answer): string {
  return ADVICE[one.id]?.(one) ?? one.text;
}
