import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import type { LagMonitor } from "../../../../engine/run/lag.ts";
import type { Channel } from "../../../../engine/wire/channel.ts";
import type { Exchange } from "../../../../engine/wire/exchange.ts";
import { CURSOR } from "../../read/page.ts";
import type { Target } from "../target.ts";
import type { PublishAsked, Terms } from "./asked.ts";
import type { Pair } from "./channels.ts";
import { claimsText } from "./common-answer.ts";
import { CannotJudge, type Fault, Found } from "./fault.ts";
import { malformedId } from "./faulty.ts";
import { LogState } from "./log-state.ts";
import { bodyOf, type Resolve } from "./publish-body.ts";
import { publishRequest } from "./requests.ts";
import { Sender } from "./sender.ts";
import type { Place, PublishStep } from "./steps.ts";
import type { Tally } from "./tally.ts";

/** What a play needs. */
export interface PlayTools {
  readonly target: Target;
  /** The channel and its sibling, unused so far. */
  readonly channels: Pair;
  /** How many messages a channel keeps, if that is less than a history publishes. */
  readonly retains?: number | undefined;
  /** Where the exchanges are recorded. */
  readonly exchanges: Exchange[];
  readonly lag: Pick<LagMonitor, "isLate" | "within">;
  readonly signal: AbortSignal;
  /** How long something that is due at once may take. */
  readonly limitMs: number;
  /** The longest wait that the history sits out at its end, in seconds, when nothing ends it earlier. */
  readonly sitsOutS: number;
  /** Whether the time is up: then no further step is made. @defaultValue never */
  readonly isOver?: () => boolean;
  /** Counts what the model has judged. */
  readonly tally?: Tally;
}

/** What the steps of one play share: the channels as the model knows them, and the connections to the server. */
export class Table {
  readonly tools: PlayTools;
  readonly sender: Sender;
  readonly logs: readonly [LogState, LogState] = [new LogState(), new LogState()];
  readonly terms: Terms;

  constructor(tools: PlayTools) {
    this.tools = tools;
    const { claims, claimed } = tools.target;
    this.sender = new Sender(tools.target, tools.exchanges);
    this.terms = { claimed: claimsText(claimed), maxLimit: claims.maxLimit, keyTtlS: claims.keyTtlS };
  }

  channel(step: { readonly channel: 0 | 1 }): Channel {
    return this.tools.channels[step.channel];
  }

  log(step: { readonly channel: 0 | 1 }): LogState {
    return this.logs[step.channel];
  }

  /** The position that a place stands for now. */
  resolver(step: { readonly channel: 0 | 1 }): Resolve {
    const log = this.log(step);
    const { known } = log;
    const other = this.logs[step.channel === 0 ? 1 : 0];
    return (place: Place) => {
      if (place.kind === "none") return undefined;
      if (place.kind === "start" || place.kind === "end") return place.kind;
      if (place.kind === "foreign") return FOREIGN;
      if (place.kind === "malformed") return malformedId(place.form);
      if (place.kind === "forged") return forged(log, place.n);
      if (place.kind === "sibling") return other.now.epoch.messages.at(-1)?.cursor ?? "Conformance.0~sibling";
      if (known.length === 0 || !("n" in place)) return "start";
      const n = place.n % known.length;
      return place.kind === "newest" ? known[known.length - 1 - n] : known[n];
    };
  }

  /** Wait until the condition holds or the exchange is over; bytes that arrive and lag extend the limit. */
  async until(
    exchange: Exchange,
    condition: () => boolean,
    limitMs: number = this.tools.limitMs,
  ): Promise<boolean> {
    const { lag, signal } = this.tools;
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const begun = performance.now();
      const bytes = exchange.receivedBytes;
      const held = await exchange.until(() => condition() || signal.aborted, limitMs);
      signal.throwIfAborted();
      if (held || exchange.ending !== undefined) return held;
      if (exchange.receivedBytes === bytes && !lag.isLate(begun)) return false;
    }
    return false;
  }

  /** Wait for the whole answer to a request that is not held. */
  async whole(exchange: Exchange): Promise<Exchange> {
    await this.until(exchange, () => exchange.ending !== undefined);
    await exchange.done(0);
    if (exchange.ending === "no-connection") throw new CannotJudge(`no connection: ${exchange.failure}`);
    const kept = /keep-alive/i.test(JSON.stringify(exchange.request.headers));
    if (exchange.status === undefined && kept && exchange.ending !== "limit")
      throw new CannotJudge("the kept connection was closed before the answer");
    return exchange;
  }

  /** End the play if there is a fault. */
  report(fault: Fault | undefined, exchange: Exchange | undefined): void {
    if (!fault) return;
    const { silence } = fault;
    if (silence && silence.to - silence.from - this.tools.lag.within(silence) <= silence.limitMs)
      throw new CannotJudge(`${fault.what}: the suite itself was late`);
    throw new Found(exchange?.ending === "limit" ? { ...fault, timed: true } : fault, exchange);
  }

  /** Send a publish; the answer is judged later. */
  post(step: PublishStep): Posted {
    const resolve = this.resolver(step);
    const body = bodyOf(step, resolve);
    const { spelled: _, ...plain } = step;
    // Both channels get the same keys.
    const request = publishRequest(step, this.channel(step), body, this.tools.channels[0].name);
    return {
      step,
      exchange: this.sender.send(request, step.travel),
      body,
      members: String(bodyOf(plain, resolve)),
      after: step.after && (resolve(step.after) ?? "start"),
      at: performance.now(),
    };
  }

  /** Count an answer that the model has judged to be right. */
  judged(kind: string): void {
    this.tools.tally?.judged(kind);
  }

  /** Let other work run for so long. */
  async rest(ms: number): Promise<void> {
    await pause(ms);
  }
}

/** A publish under way. */
export interface Posted extends PublishAsked {
  readonly exchange: Exchange;
}

const FOREIGN = "Conformance.0~foreign";

/** A cursor with one character changed. The position before the first message has to be known: it could be that one. */
function forged(log: LogState, n: number): string {
  const { known, now } = log;
  const given = known[known.length - 1 - (n % Math.max(1, known.length))];
  if (given === undefined || now.epoch.origin === undefined) return FOREIGN;
  const at = (n * 7 + given.length - 1) % given.length;
  const other = change(given.charAt(at));
  const made = given.slice(0, at) + other + given.slice(at + 1);
  return CURSOR.test(made) && !made.startsWith("~") && log.locate(made) === undefined ? made : FOREIGN;
}

function change(character: string): string {
  if (/\d/.test(character)) return String((Number(character) + 5) % 10);
  const flipped = character.toLowerCase() === character ? character.toUpperCase() : character.toLowerCase();
  return flipped === character ? "x" : flipped;
}

/** How often bytes that arrive, or lag, may extend a limit. */
const MAX_ROUNDS = 6;
