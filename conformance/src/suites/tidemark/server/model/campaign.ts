import { performance } from "node:perf_hooks";
import { createRandom, type Random } from "../../../../engine/run/context.ts";
import { channelAt } from "../../../../engine/wire/channel.ts";
import type { Exchange } from "../../../../engine/wire/exchange.ts";
import { blame } from "./blame.ts";
import type { Fault } from "./fault.ts";
import type { Offers } from "./offers.ts";
import { type Played, play } from "./play.ts";
import { drawHistory } from "./random-history.ts";
import { Sender } from "./sender.ts";
import { shrink } from "./shrink.ts";
import type { History } from "./steps.ts";
import type { PlayTools } from "./table.ts";

/** How histories are played. */
export interface CampaignOptions {
  readonly tools: Pick<PlayTools, "target" | "lag" | "signal">;
  readonly random: Random;
  readonly offers: Offers;
  /** The name of the channels; each play adds to it. */
  readonly name: string;
  readonly histories: number;
  readonly steps: number;
  /** How many histories are played at once. */
  readonly jobs: number;
  /** No history begins after so many milliseconds. */
  readonly limitMs: number;
}

/** A failure that a shrunk history shows. */
export interface Finding {
  readonly history: History;
  readonly fault: Fault;
  /** How many steps it had before it was shrunk, and its number. */
  readonly from: number;
  readonly number: number;
  /** How often it failed again, and was played again. */
  readonly again: readonly [number, number];
}

export interface CampaignResult {
  readonly passed: number;
  readonly undecided: readonly string[];
  readonly findings: readonly Finding[];
}

/** How long something due at once may take: while histories are played, shrunk, and played again to be sure. */
const PATIENCE_MS = { play: 1_500, shrink: 700, confirm: 4_000 };

/** The time to shrink one history. */
const SHRINK_MS = 4_000;

const REPLAYS = 3;

/** The most failures that are shrunk: of different requirements. */
const MOST_FINDINGS = 3;

interface Failure {
  readonly history: History;
  readonly number: number;
  readonly fault: Fault;
  readonly step: number;
}

/** Plays random histories, and shrinks those that fail. */
export class Campaign {
  readonly #options: CampaignOptions;
  #plays = 0;

  constructor(options: CampaignOptions) {
    this.#options = options;
  }

  async run(): Promise<CampaignResult> {
    const { histories, random, jobs, limitMs, offers, steps } = this.#options;
    const begun = performance.now();
    const failures: Failure[] = [];
    const undecided: string[] = [];
    const seeds = Array.from({ length: histories }, () => Math.floor(random() * 2 ** 32));
    let next = 0;
    let passed = 0;
    const worker = async (): Promise<void> => {
      while (
        next < seeds.length &&
        performance.now() - begun < limitMs &&
        kinds(failures).length < MOST_FINDINGS
      ) {
        const number = next;
        next += 1;
        const own = createRandom(seeds[number] ?? 0);
        const history = drawHistory(own, offers, Math.ceil(steps * (0.2 + own())));
        const played = await this.play(history, PATIENCE_MS.play, own() < SITTING, {
          endsAt: begun + limitMs,
        });
        if (played.kind === "passed") passed += 1;
        else if (played.kind === "undecided") undecided.push(played.why);
        else failures.push({ history, number, fault: played.fault, step: played.step });
      }
    };
    await Promise.all(Array.from({ length: jobs }, worker));
    const findings: Finding[] = [];
    for (const failure of kinds(failures)) findings.push(await this.#explain(failure));
    return { passed, undecided, findings };
  }

  /** Play on new channels, and remove them. */
  async play(
    history: History,
    limitMs: number,
    sitsOut: boolean,
    { exchanges = [], endsAt }: { readonly exchanges?: Exchange[]; readonly endsAt?: number } = {},
  ): Promise<Played> {
    const { tools } = this.#options;
    const channels = this.#channels();
    const played = await play(history, {
      ...tools,
      channels,
      exchanges,
      limitMs,
      sitsOut,
      ...(endsAt === undefined ? {} : { endsAt }),
    });
    if (!tools.signal.aborted) await this.#tidy(channels);
    return played;
  }

  async #explain({ history, number, fault, step }: Failure): Promise<Finding> {
    const { offers } = this.#options;
    const patience = fault.timed ? PATIENCE_MS.shrink : PATIENCE_MS.play;
    const sitsOut = isAboutWaits(fault);
    const fails = async (candidate: History): Promise<boolean> => {
      const played = await this.play(candidate, patience, sitsOut);
      return played.kind === "failed" && played.fault.requirement === fault.requirement;
    };
    const short = history.slice(0, step + 1);
    const shrunk = await shrink((await fails(short)) ? short : history, fails, SHRINK_MS);
    let last: Extract<Played, { readonly kind: "failed" }> | undefined;
    let again = 0;
    for (let replay = 0; replay < REPLAYS; replay += 1) {
      const played = await this.play(shrunk, PATIENCE_MS.confirm, sitsOut);
      if (played.kind !== "failed") break;
      again += 1;
      last = played;
    }
    const blamed = last ? blame(last.fault, last.origin, offers.sse) : fault;
    return { history: shrunk, fault: blamed, from: history.length, number, again: [again, REPLAYS] };
  }

  #channels(): PlayTools["channels"] {
    const { name, tools } = this.#options;
    this.#plays += 1;
    const plain = `${name}-h${this.#plays}`;
    // Names that differ in their last letter only, some of the greatest length that every server takes.
    const base = this.#plays % 4 === 0 ? plain.padEnd(LONGEST_NAME - 1, "-") : `${plain}-`;
    const { template } = tools.target;
    return [channelAt(template, `${base}a`), channelAt(template, `${base}A`)];
  }

  async #tidy(channels: PlayTools["channels"]): Promise<void> {
    const { tools } = this.#options;
    const sender = new Sender(tools.target, []);
    await Promise.all(
      channels.map(({ url }) => sender.send({ method: "DELETE", url }, "close").done(TIDY_MS)),
    );
    sender.end();
  }
}

const LONGEST_NAME = 64;

const TIDY_MS = 3_000;

/** Only a history that sits out its waits shows how they end. */
export function isAboutWaits({ requirement }: Fault): boolean {
  return requirement === "LP-WAIT-2" || requirement === "LP-WAIT-3";
}

/** The share of the histories that sit out their waits. */
const SITTING = 1 / 4;

/** The first failure of each requirement. */
function kinds(failures: readonly Failure[]): readonly Failure[] {
  const seen = new Set<string>();
  return failures.filter(({ fault }) => !seen.has(fault.requirement) && seen.add(fault.requirement));
}
