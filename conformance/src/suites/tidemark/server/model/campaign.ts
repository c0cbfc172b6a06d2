import { performance } from "node:perf_hooks";
import { createRandom, type Random } from "../../../../engine/run/context.ts";
import type { Exchange } from "../../../../engine/wire/exchange.ts";
import { blame } from "./blame.ts";
import { type NameKind, type Pair, PLAIN, pairOf } from "./channels.ts";
import type { Fault } from "./fault.ts";
import type { Offers } from "./offers.ts";
import { type Played, play } from "./play.ts";
import { drawHistory, type Theme } from "./random-history.ts";
import { Sender } from "./sender.ts";
import { shrink } from "./shrink.ts";
import type { History } from "./steps.ts";
import type { PlayTools } from "./table.ts";
import { Tally } from "./tally.ts";

/** How histories are played. */
export interface CampaignOptions {
  readonly tools: Pick<PlayTools, "target" | "lag" | "signal">;
  readonly random: Random;
  readonly offers: Offers;
  /** The name of the channels; each play adds to it. */
  readonly name: string;
  /** Which kinds of names the server takes. */
  readonly names: readonly NameKind[];
  readonly theme: Theme;
  readonly histories: number;
  readonly steps: number;
  /** How many histories are played at once. */
  readonly jobs: number;
  /**
   * The most milliseconds in which histories are played, for slow targets: those that run are then cut, and no other
   * begins. The suite's own lag does not count, unless it is longer than that.
   */
  readonly limitMs: number;
  /** The longest wait that is sat out at the end of a history, in seconds; only some sit out theirs. */
  readonly sitsOutS: number;
}

/** A failure that a shrunk history shows. */
export interface Finding {
  readonly history: History;
  readonly fault: Fault;
  /** The kind of names that it needs. */
  readonly names: NameKind;
  /** How many steps it had before it was shrunk, and its number. */
  readonly from: number;
  readonly number: number;
  /** How often it failed again, and was played again. */
  readonly again: readonly [number, number];
}

export interface CampaignResult {
  /** Histories that were played to their end, and those that the limit cut; all their answers were right. */
  readonly passed: number;
  readonly cut: number;
  /** Histories that were not played, and why. */
  readonly left: number;
  readonly stopped: "no time" | "enough failures" | undefined;
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
  readonly names: NameKind;
  readonly fault: Fault;
  readonly step: number;
}

/** How one history is played. */
interface PlayHow {
  readonly limitMs: number;
  readonly sitsOutS: number;
  readonly names?: NameKind;
  readonly channels?: Pair;
  readonly exchanges?: Exchange[];
  readonly isOver?: () => boolean;
}

/** Plays random histories, and shrinks those that fail. */
export class Campaign {
  readonly #options: CampaignOptions;
  readonly tally: Tally = new Tally();
  #plays = 0;

  constructor(options: CampaignOptions) {
    this.#options = options;
  }

  async run(): Promise<CampaignResult> {
    const { histories, random, jobs, limitMs } = this.#options;
    const begun = performance.now();
    const failures: Failure[] = [];
    const undecided: string[] = [];
    const seeds = Array.from({ length: histories }, () => Math.floor(random() * 2 ** 32));
    const first = Math.floor(random() * FIRSTS);
    let [passed, cut] = [0, 0];
    const isLate = (): boolean => this.#spentMs(begun) >= limitMs;
    const isOver = (): boolean => isLate() || kinds(failures).length >= MOST_FINDINGS;
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < seeds.length && !isOver()) {
        const number = next;
        next += 1;
        const drawn = this.#draw(seeds[number] ?? 0, first + number);
        const played = await this.play(drawn.history, {
          ...drawn,
          limitMs: PATIENCE_MS.play,
          isOver: isLate,
        });
        if (played.kind === "passed") passed += 1;
        else if (played.kind === "cut") cut += 1;
        else if (played.kind === "undecided") undecided.push(played.why);
        else failures.push({ ...drawn, number, fault: played.fault, step: played.step });
      }
    };
    await Promise.all(Array.from({ length: jobs }, worker));
    const left = seeds.length - next;
    const stopped = left === 0 && cut === 0 ? undefined : isLate() ? "no time" : "enough failures";
    const findings: Finding[] = [];
    for (const failure of kinds(failures)) findings.push(await this.#explain(failure));
    return { passed, cut, left, stopped, undecided, findings };
  }

  /** The time since then, less the lag of the suite itself. */
  #spentMs(begun: number): number {
    const { tools, limitMs } = this.#options;
    const now = performance.now();
    return now - begun - Math.min(limitMs, tools.lag.within({ from: begun, to: now }));
  }

  #draw(
    seed: number,
    number: number,
  ): { readonly history: History; readonly names: NameKind; readonly sitsOutS: number } {
    const { offers, steps, theme, names, sitsOutS } = this.#options;
    const own = createRandom(seed);
    const history = drawHistory(own, { offers, steps: Math.ceil(steps * (0.2 + own())), theme, number });
    const sits = theme === "patient" || own() < SITTING;
    return {
      history,
      names: names[Math.floor(own() * names.length)] ?? PLAIN,
      sitsOutS: sits ? sitsOutS : 0,
    };
  }

  /** Play on new channels, and remove them. */
  async play(history: History, how: PlayHow): Promise<Played> {
    const { tools, offers } = this.#options;
    const channels = how.channels ?? this.channels(how.names ?? PLAIN);
    const { tally } = this;
    await Promise.all(channels.map((channel) => tools.target.declare?.(channel)));
    const played = await play(history, {
      ...tools,
      retains: offers.retains,
      exchanges: [],
      ...how,
      channels,
      tally,
    });
    if (!tools.signal.aborted) await this.#tidy(channels);
    return played;
  }

  async #explain({ history, number, fault, step, names: drawn }: Failure): Promise<Finding> {
    const { offers } = this.#options;
    const patience = fault.timed ? PATIENCE_MS.shrink : PATIENCE_MS.play;
    const sitsOutS = this.sitsOutFor(fault);
    const fails = async (candidate: History, names: NameKind): Promise<boolean> => {
      const played = await this.play(candidate, { limitMs: patience, sitsOutS, names });
      return played.kind === "failed" && played.fault.requirement === fault.requirement;
    };
    const cut = history.slice(0, step + 1);
    const short = (await fails(cut, drawn)) ? cut : history;
    const names = drawn !== PLAIN && (await fails(short, PLAIN)) ? PLAIN : drawn;
    const shrunk = await shrink(short, (candidate) => fails(candidate, names), SHRINK_MS);
    let last: Extract<Played, { readonly kind: "failed" }> | undefined;
    let again = 0;
    for (let replay = 0; replay < REPLAYS; replay += 1) {
      const played = await this.play(shrunk, { limitMs: PATIENCE_MS.confirm, sitsOutS, names });
      if (played.kind !== "failed") break;
      again += 1;
      last = played;
    }
    const blamed = last ? blame(last.fault, last.origin, offers.sse) : fault;
    return { history: shrunk, fault: blamed, names, from: history.length, number, again: [again, REPLAYS] };
  }

  /** Only a history that sits out its waits shows how they end. */
  sitsOutFor({ requirement }: Fault): number {
    return ABOUT_WAITS.includes(requirement) ? this.#options.sitsOutS : 0;
  }

  /** Two channels that no history has used. */
  channels(names: NameKind): Pair {
    const { name, tools } = this.#options;
    this.#plays += 1;
    return pairOf(tools.target.template, `${name}-h${this.#plays}`, names);
  }

  async #tidy(channels: Pair): Promise<void> {
    const { tools } = this.#options;
    const sender = new Sender(tools.target, []);
    await Promise.all(
      channels.map(({ url }) => sender.send({ method: "DELETE", url }, "close").done(TIDY_MS)),
    );
    sender.end();
  }
}

/** The numbers of a run begin anywhere, so that short runs begin with different idioms. */
const FIRSTS = 1_000;

const TIDY_MS = 3_000;

const ABOUT_WAITS: readonly string[] = ["LP-WAIT-2", "LP-WAIT-3", "LP-WAIT-4", "LP-WAIT-6", "POLL-PAGE-4"];

/** The share of the histories that sit out their waits. */
const SITTING = 1 / 4;

/** The first failure of each requirement. */
function kinds(failures: readonly Failure[]): readonly Failure[] {
  const seen = new Set<string>();
  return failures.filter(({ fault }) => !seen.has(fault.requirement) && seen.add(fault.requirement));
}
