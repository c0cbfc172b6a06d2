import { text } from "./bytes.ts";
import { type CurlOptions, curlLine } from "./curl.ts";
import type { Exchange } from "./exchange.ts";
import { header, mediaType } from "./headers.ts";
import type { ExtraHeader } from "./secrets.ts";

/** A token of the cursor grammar anywhere in an answer. */
const TOKEN = /[A-Za-z0-9._~-]+/g;

/** Longest script that is printed; what needs more is told by the transcript. */
const MAX_REQUESTS = 20;

/** Seconds after which a command on a stream gives up. */
const STREAM_SECONDS = 5;

interface Step {
  readonly exchange: Exchange;
  readonly number: number;
  /** A later request was begun before this one was answered. */
  readonly background: boolean;
  /** Cursors that later requests take from this answer, each with its place among the answer's tokens. */
  readonly captures: readonly { readonly cursor: string; readonly place: number }[];
}

/**
 * A shell script that does what the test did, on a new channel: cursors are taken out of the answers and put
 * into the next requests. Undefined when the test made too many requests for a script to help anyone.
 */
export function shellScript(
  exchanges: readonly Exchange[],
  channels: readonly string[],
  extra: readonly ExtraHeader[],
): string | undefined {
  if (exchanges.length === 0 || exchanges.length > MAX_REQUESTS) return undefined;
  const variables = new Map(channels.map((name, index) => [name, `ch${index + 1}`]));
  const used = exchanges.some(({ request }) => channels.some((name) => request.target.includes(name)));
  const lines = used ? channels.map((_, index) => `ch${index + 1}=replay-$$-${index + 1}`) : [];
  let pending: Step[] = [];
  for (const step of plan(exchanges)) {
    const over = pending.filter((earlier) => endOf(earlier) <= step.exchange.startedAt);
    pending = pending.filter((earlier) => !over.includes(earlier));
    for (const earlier of over) lines.push(...collected(earlier, variables));
    lines.push(...begun(step, variables, extra));
    if (step.background) pending.push(step);
    else lines.push(...captured(step, variables));
  }
  return [...lines, ...pending.flatMap((step) => collected(step, variables))].join("\n");
}

function endOf({ exchange }: Step): number {
  return exchange.startedAt + (exchange.endedAtMs ?? Number.POSITIVE_INFINITY);
}

function plan(exchanges: readonly Exchange[]): Step[] {
  const known = new Set<string>();
  return exchanges.map((exchange, index) => {
    const later = exchanges.slice(index + 1);
    const endsAt = exchange.startedAt + (exchange.endedAtMs ?? Number.POSITIVE_INFINITY);
    const tokens: readonly string[] = text(exchange.content).match(TOKEN) ?? [];
    const captures: { cursor: string; place: number }[] = [];
    const followers = later.filter((next) => next.startedAt >= endsAt);
    for (const cursor of new Set(followers.flatMap(usedCursors))) {
      const place = tokens.indexOf(cursor);
      if (place === -1 || known.has(cursor)) continue;
      known.add(cursor);
      captures.push({ cursor, place: place + 1 });
    }
    const background = later.some((next) => next.startedAt < endsAt);
    return { exchange, number: index + 1, background, captures };
  });
}

/** The cursors that a request carries, wherever one may stand. */
function usedCursors({ request }: Exchange): string[] {
  const body = request.body ? text(request.body) : "";
  return [
    /[?&]after=([^&]+)/.exec(request.target)?.[1],
    header(request.headers, "last-event-id"),
    /"after":"([^"]+)"/.exec(body)?.[1],
  ].filter((cursor): cursor is string => cursor !== undefined && cursor !== "start" && cursor !== "end");
}

/** The command; in the background when later requests were made before its answer. */
function begun(step: Step, variables: ReadonlyMap<string, string>, extra: readonly ExtraHeader[]): string[] {
  const { exchange, number, background, captures } = step;
  const endless = mediaType(exchange.headers) === "text/event-stream" || exchange.ending === "limit";
  const options: CurlOptions = {
    extra,
    variables: new Map(variables),
    include: captures.length === 0,
    ...(endless ? { maxTimeS: STREAM_SECONDS } : {}),
  };
  const command = curlLine(exchange.request, options);
  const file = `out${number}=$(mktemp)`;
  if (background) return [file, `${command} >"$out${number}" & pid${number}=$!`, "sleep 1"];
  return captures.length === 0 ? [`${command}; echo`] : [file, `${command} | tee "$out${number}"; echo`];
}

/** Wait for a command in the background, show what it got, and take the cursors out of it. */
function collected(step: Step, variables: Map<string, string>): string[] {
  const { number } = step;
  return [`wait "$pid${number}"; cat "$out${number}"; echo`, ...captured(step, variables)];
}

/** Take cursors out of an answer by their place among its tokens. */
function captured({ number, captures }: Step, variables: Map<string, string>): string[] {
  return captures.map(({ cursor, place }) => {
    const variable = `p${variables.size + 1}`;
    variables.set(cursor, variable);
    return `${variable}=$(grep -oE '[A-Za-z0-9._~-]+' "$out${number}" | sed -n ${place}p)`;
  });
}
