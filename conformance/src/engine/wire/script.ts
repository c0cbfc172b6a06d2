import { utf8 } from "./bytes.ts";
import { type CurlOptions, curlLine } from "./curl.ts";
import { tokensOf, usedCursors, usedTag } from "./cursor-use.ts";
import type { Exchange } from "./exchange.ts";
import { mediaType } from "./headers.ts";
import { repeatedFrom } from "./repeated.ts";
import type { ExtraHeader } from "./secrets.ts";

/** The most commands of a printed script; for longer ones, the transcript has to do. */
const MAX_COMMANDS = 20;

/** The time limit of a command that reads a stream, in seconds: `more` than the test took, within bounds. */
const STREAM_SECONDS = { least: 5, most: 60, more: 2 };

/** Placeholder for the loop variable. */
const COUNTER = "{{n}}";

/** Options of a printed script. */
export interface ScriptOptions {
  /** Names of channels; the script replaces them by new ones. */
  readonly channels?: readonly string[];
  /** The user's headers; a secret is written as its variable. */
  readonly extra?: readonly ExtraHeader[];
  /** The exchange whose answer shows the failure. */
  readonly blamed?: Exchange;
  /** The number of each exchange in the report. Default: by order. */
  readonly numbers?: ReadonlyMap<Exchange, number>;
}

interface Step {
  readonly exchange: Exchange;
  readonly number: number;
  /** A later request started before this one was answered. */
  readonly background: boolean;
  /** Cursors in this answer that later requests use, each with its place among the answer's tokens. */
  readonly captures: readonly { readonly cursor: string; readonly place: number }[];
  /** Its entity tag, if a later request uses it. */
  readonly tag: string | undefined;
}

/** The time limit in seconds for a command that does not end by itself; undefined for one that does. */
export function streamSeconds({ headers, ending, endedAtMs = 0 }: Exchange): number | undefined {
  if (mediaType(headers) !== "text/event-stream" && ending !== "limit") return undefined;
  const { least, most, more } = STREAM_SECONDS;
  return Math.min(most, Math.max(least, Math.ceil(endedAtMs / 1_000) + more));
}

/**
 * A shell script that repeats a test on a new channel: it extracts cursors from the answers and puts them
 * into the next requests. Undefined if it would be too long to be useful.
 */
export function shellScript(exchanges: readonly Exchange[], options: ScriptOptions = {}): string | undefined {
  const writer = new Writer(options);
  const steps = plan(exchanges, options.numbers);
  for (let at = 0; at < steps.length; at += writer.write(steps.slice(at)));
  return writer.commands === 0 || writer.commands > MAX_COMMANDS ? undefined : writer.end();
}

/** Writes one step after another. */
class Writer {
  readonly #options: ScriptOptions;
  readonly #variables: Map<string, string>;
  readonly #lines: string[] = [];
  #pending: readonly Step[] = [];
  /** A background command runs whose request may not have arrived yet. */
  #isFresh = false;
  commands = 0;

  constructor(options: ScriptOptions) {
    this.#options = options;
    this.#variables = new Map((options.channels ?? []).map((name, index) => [name, `ch${index + 1}`]));
  }

  /** Write the first exchange, or a loop over a repetition; returns how many exchanges were written. */
  write(steps: readonly Step[]): number {
    const [step] = steps;
    if (!step) return 0;
    this.#collect((earlier) => earlier.exchange.endedAt <= step.exchange.startedAt);
    this.commands += 1;
    const plain = steps.findIndex((one) => one.background || isKept(one));
    const alike = repeatedFrom(steps.slice(0, plain === -1 ? undefined : plain).map((one) => one.exchange));
    if (!step.background) this.#wait();
    if (alike) {
      const body = utf8(`${alike.before}${COUNTER}${alike.after}`);
      const command = curlLine({ ...step.exchange.request, body }, this.#curl(step, [[COUNTER, "n"]]));
      this.#lines.push(
        `for n in $(seq ${alike.first} ${alike.first + alike.count - 1}); do ${command}; done`,
      );
      return alike.count;
    }
    this.#begin(step);
    return 1;
  }

  /** The whole script, after the last step. */
  end(): string {
    this.#collect(() => true);
    const all = this.#lines.join("\n");
    const names = [...this.#variables.values()].filter((name) => all.includes(`"$${name}"`));
    const made = names.filter((name) => name.startsWith("ch"));
    return [...made.map((name) => `${name}=replay-$$-${name.slice(2)}`), all].join("\n");
  }

  #curl(step: Step, more: readonly (readonly [string, string])[] = []): CurlOptions {
    const maxTimeS = streamSeconds(step.exchange);
    return {
      extra: this.#options.extra ?? [],
      variables: new Map([...this.#variables, ...more]),
      include: step.captures.length === 0 && more.length === 0,
      ...(step.tag === undefined ? {} : { headFile: `head${step.number}` }),
      ...(maxTimeS === undefined ? {} : { maxTimeS }),
    };
  }

  #begin(step: Step): void {
    const { exchange, number, background, captures, tag } = step;
    const command = curlLine(exchange.request, this.#curl(step));
    if (tag !== undefined) this.#lines.push(`head${number}=$(mktemp)`);
    const file = `out${number}=$(mktemp)`;
    if (background) {
      this.#lines.push(file, `${command} >"$out${number}" & pid${number}=$!`);
      this.#pending = [...this.#pending, step];
      this.#isFresh = true;
      return;
    }
    this.#mark(step);
    if (captures.length === 0) this.#lines.push(`${command}; echo`);
    else this.#lines.push(file, `${command} | tee "$out${number}"; echo`);
    this.#capture(step);
  }

  /** Wait for background commands whose answer is due, print the answers, and extract their cursors. */
  #collect(isOver: (step: Step) => boolean): void {
    for (const step of this.#pending.filter(isOver)) {
      this.#mark(step);
      this.#lines.push(`wait "$pid${step.number}"; cat "$out${step.number}"; echo`);
      this.#capture(step);
    }
    this.#pending = this.#pending.filter((step) => !isOver(step));
  }

  /** Give background requests time to arrive. */
  #wait(): void {
    if (this.#isFresh && this.#pending.length > 0) this.#lines.push("sleep 0.5");
    this.#isFresh = false;
  }

  #mark({ exchange, number }: Step): void {
    if (exchange === this.#options.blamed) this.#lines.push(`# look at this answer (request ${number}):`);
  }

  /** Extract cursors from an answer by their place among its tokens, and the ETag from its head. */
  #capture({ number, captures, tag }: Step): void {
    if (tag !== undefined) {
      this.#variables.set(tag, `tag${number}`);
      this.#lines.push(`tag${number}=$(sed -n 's/^[Ee][Tt]ag: *//p' "$head${number}" | tr -d '\\r')`);
    }
    for (const { cursor, place } of captures) {
      const variable = `p${this.#variables.size + 1}`;
      this.#variables.set(cursor, variable);
      this.#lines.push(`${variable}=$(grep -oE '[A-Za-z0-9._~-]+' "$out${number}" | sed -n ${place}p)`);
    }
  }
}

/** Whether a later request uses something of its answer. */
function isKept({ captures, tag }: Step): boolean {
  return captures.length > 0 || tag !== undefined;
}

function plan(exchanges: readonly Exchange[], numbers: ReadonlyMap<Exchange, number> | undefined): Step[] {
  const known = new Set<string>();
  return exchanges.map((exchange, index) => {
    const later = exchanges.slice(index + 1);
    const tokens = tokensOf(exchange);
    const captures: { cursor: string; place: number }[] = [];
    const followers = later.filter((next) => next.startedAt >= exchange.endedAt);
    for (const cursor of new Set(followers.flatMap(usedCursors))) {
      const place = tokens.indexOf(cursor);
      if (place === -1 || known.has(cursor)) continue;
      known.add(cursor);
      captures.push({ cursor, place: place + 1 });
    }
    const background = later.some((next) => next.startedAt < exchange.endedAt);
    const ownTag = exchange.header("etag");
    const tag = followers.some((next) => ownTag !== undefined && usedTag(next) === ownTag)
      ? ownTag
      : undefined;
    return { exchange, number: numbers?.get(exchange) ?? index + 1, background, captures, tag };
  });
}
