import { utf8 } from "./bytes.ts";
import { type CurlOptions, curlLine } from "./curl.ts";
import { tokensOf, usedCursors, usedTag } from "./cursor-use.ts";
import type { Exchange } from "./exchange.ts";
import { mediaType } from "./headers.ts";
import { repeatedFrom } from "./repeated.ts";
import type { ExtraHeader } from "./secrets.ts";

/** Most commands of a script that is printed; what needs more is told by the transcript. */
const MAX_COMMANDS = 20;

/** Seconds after which a command on a stream gives up: as long as the test needed and some more, within these. */
const STREAM_SECONDS = { least: 5, most: 60, more: 2 };

/** Stands for the number that counts up in a loop. */
const COUNTER = "{{n}}";

/** How a script is written. */
export interface ScriptOptions {
  /** Names of channels; the script takes new ones. */
  readonly channels?: readonly string[];
  /** Headers of the user: a secret is written as its variable. */
  readonly extra?: readonly ExtraHeader[];
  /** Whose answer is to be looked at. */
  readonly blamed?: Exchange;
  /** What the report calls each. Default: by their order. */
  readonly numbers?: ReadonlyMap<Exchange, number>;
}

interface Step {
  readonly exchange: Exchange;
  readonly number: number;
  /** A later request was begun before this one was answered. */
  readonly background: boolean;
  /** Cursors that later requests take from this answer, each with its place among the answer's tokens. */
  readonly captures: readonly { readonly cursor: string; readonly place: number }[];
  /** Its entity tag, if a later request carries it. */
  readonly tag: string | undefined;
}

/** After how many seconds a command is to give up that does not end by itself; undefined for one that does. */
export function streamSeconds({ headers, ending, endedAtMs = 0 }: Exchange): number | undefined {
  if (mediaType(headers) !== "text/event-stream" && ending !== "limit") return undefined;
  const { least, most, more } = STREAM_SECONDS;
  return Math.min(most, Math.max(least, Math.ceil(endedAtMs / 1_000) + more));
}

/**
 * A shell script that does what the test did, on a new channel: cursors are taken out of the answers and put
 * into the next requests. Undefined when it would be too long to help anyone.
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
  /** Something runs in the background that may not have arrived. */
  #isFresh = false;
  commands = 0;

  constructor(options: ScriptOptions) {
    this.#options = options;
    this.#variables = new Map((options.channels ?? []).map((name, index) => [name, `ch${index + 1}`]));
  }

  /** Write the first of these, or a loop over as many as are alike; returns over how many that was. */
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

  /** The whole script, when the last step was written. */
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

  /** Wait for commands in the background that are over, show what they got, and take the cursors out of it. */
  #collect(isOver: (step: Step) => boolean): void {
    for (const step of this.#pending.filter(isOver)) {
      this.#mark(step);
      this.#lines.push(`wait "$pid${step.number}"; cat "$out${step.number}"; echo`);
      this.#capture(step);
    }
    this.#pending = this.#pending.filter((step) => !isOver(step));
  }

  /** Give what runs in the background the time to arrive. */
  #wait(): void {
    if (this.#isFresh && this.#pending.length > 0) this.#lines.push("sleep 0.5");
    this.#isFresh = false;
  }

  #mark({ exchange, number }: Step): void {
    if (exchange === this.#options.blamed) this.#lines.push(`# look at this answer (request ${number}):`);
  }

  /** Take cursors out of an answer by their place among its tokens, and its tag out of its head. */
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

/** Something of its answer is needed later. */
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
