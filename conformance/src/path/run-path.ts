import { performance } from "node:perf_hooks";
import { LagMonitor } from "../engine/run/lag.ts";
import { type Answer, answer, inWords, QUESTIONS, type QuestionId } from "./answer.ts";
import { attribute } from "./attribution.ts";
import type { PathContext } from "./questions/context.ts";
import { askParallel } from "./questions/ends.ts";
import { askQuery } from "./questions/messages.ts";
import { runTasks, TASKS } from "./questions/tasks.ts";
import { askHeartbeat, askIdle, askWait } from "./questions/waits.ts";
import { type Clock, type ClockSample, clockFrom } from "./reader/clock.ts";
import { openHttp2 } from "./reader/http2.ts";
import { describe, jsonOf, type PathAddress, Prober } from "./reader/prober.ts";
import { type Setting, settingsFor } from "./settings.ts";
import { type Software, softwareIn } from "./software.ts";
import { decidePath, type PathVerdict } from "./verdict.ts";

/** Options of a run. */
export interface PathOptions extends PathAddress {
  /** The longest silence to ask for, in milliseconds. @defaultValue 35_000 */
  readonly idleMs?: number;
  /** How long the stream with heartbeats lasts, in milliseconds. @defaultValue `idleMs` */
  readonly streamMs?: number;
  /** Ask only these questions. @defaultValue all */
  readonly only?: readonly QuestionId[];
  /** Software that is known to be on the way. @defaultValue what the answers name */
  readonly software?: readonly Software[];
}

/** The report of a run. */
export interface PathReport {
  readonly format: "tidemark-path/1";
  readonly url: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly software: readonly Software[];
  /** What the fields that name software say. */
  readonly named: readonly string[];
  readonly clock: Clock | undefined;
  readonly answers: readonly Answer[];
  readonly settings: readonly Setting[];
  readonly verdict: PathVerdict;
}

/** A request that takes longer than this is not worth the other questions: their waits would add up. */
const TOO_SLOW_MS = 2_000;

/** A small request should not take longer. */
const SLOW_MS = 1_000;

/** The shortest pause of the sender: what arrives within it is prompt, on a busy machine too. */
const PAUSE_MS = 700;

/** Six round trips are well above one; on a slow path, two and a half have to do, or a run would take minutes. */
const MIDDLE_PAUSE_MS = 2_000;

/** How long the first small answer may take. */
const FIRST_HELLO_MS = 120_000;

/** Measure a path: ask every question, and say what the path is fit for. */
export async function runPath(options: PathOptions): Promise<PathReport> {
  const startedAt = new Date().toISOString();
  const from = performance.now();
  const run = new Run(options);
  const lag = new LagMonitor();
  lag.start();
  try {
    await run.ask(lag);
  } finally {
    lag.stop();
  }
  const order = Object.keys(QUESTIONS);
  const answers = [...attribute(run.answers)].sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
  const software = options.software ?? softwareIn(run.heads);
  return {
    format: "tidemark-path/1",
    url: options.base.href,
    startedAt,
    durationMs: Math.round(performance.now() - from),
    software,
    named: [...new Set(run.heads.filter(([name]) => /^(server|via)$/i.test(name)).map(([, value]) => value))],
    clock: run.samples.length > 0 ? clockFrom(run.samples) : undefined,
    answers,
    settings: settingsFor(answers, software),
    verdict: decidePath(answers),
  };
}

class Run {
  readonly answers: Answer[] = [];
  readonly samples: ClockSample[] = [];
  heads: readonly (readonly [string, string])[] = [];
  readonly #options: PathOptions;
  readonly #prober: Prober;

  constructor(options: PathOptions) {
    this.#options = options;
    this.#prober = new Prober(options);
  }

  async ask(lag: LagMonitor): Promise<void> {
    if (!(await this.#greet(5))) return;
    const clock = clockFrom(this.samples);
    this.#judgeLatency(clock);
    if (clock.roundTripMs > TOO_SLOW_MS) return this.#leaveOut("latency");
    const http2 = await openHttp2(this.#options.base, this.#options.insecure);
    const pauseMs = Math.max(
      PAUSE_MS,
      Math.min(6 * clock.roundTripMs, MIDDLE_PAUSE_MS),
      2.5 * clock.roundTripMs,
    );
    const ctx = {
      prober: this.#prober,
      clock,
      pauseMs,
      idleMs: this.#options.idleMs ?? 35_000,
      lag,
      http2,
    };
    try {
      this.answers.push(...(await askQuery(ctx)));
      if (this.answers.some(({ data }) => data.kind === "removed")) return this.#leaveOut("query");
      await this.#askRest(ctx);
      await this.#greet(3);
    } finally {
      http2?.close();
    }
  }

  async #askRest(ctx: PathContext): Promise<void> {
    const parallel = this.#isAsked("parallel") ? await askParallel(ctx) : [];
    this.answers.push(...parallel);
    const open = Number(parallel[0]?.data.open ?? 12);
    const waits = [
      this.#isAsked("idle") ? askIdle(ctx) : [],
      this.#isAsked("heartbeat") ? askHeartbeat(ctx, this.#options.streamMs ?? ctx.idleMs) : [],
      this.#isAsked("wait") ? askWait(ctx) : [],
    ];
    const tasks = TASKS.filter(({ answers }) => answers.some((id) => this.#isAsked(id)));
    const rest = runTasks(tasks, Math.max(1, Math.min(6, open - 3)), async ({ ask }) => {
      this.answers.push(...(await ask(ctx)).filter(({ id }) => this.#isAsked(id)));
    });
    const [waited] = await Promise.all([Promise.all(waits), rest]);
    this.answers.push(...waited.flat());
  }

  #isAsked(id: QuestionId): boolean {
    return this.#options.only === undefined || this.#options.only.includes(id);
  }

  /** Ask for small answers, which say whether the origin is there and how the clocks relate. */
  async #greet(count: number): Promise<boolean> {
    for (let n = 0; n < count; n += 1) {
      const isFirst = this.samples.length === 0;
      const { fetching, sample } = await this.#prober.hello(isFirst ? FIRST_HELLO_MS : 60_000);
      this.heads = [...this.heads, ...fetching.headers];
      if (sample) this.samples.push(sample);
      if (isFirst && !sample) {
        this.answers.push(answer("origin", "fault", noOrigin(fetching), { proof: [describe(fetching)] }));
        return false;
      }
      if (isFirst) this.answers.push(answer("origin", "good", "yes", { proof: [describe(fetching)] }));
      if (sample && sample.cameMs - sample.askedMs > TOO_SLOW_MS) break;
    }
    return true;
  }

  #judgeLatency({ roundTripMs, usualTripMs, uncertaintyMs }: Clock): void {
    const proof = [
      `shortest ${inWords(roundTripMs)}, usual ${inWords(usualTripMs)}, clocks ± ${inWords(uncertaintyMs)}`,
    ];
    const more = { proof, data: { roundTripMs, usualTripMs } };
    if (roundTripMs > SLOW_MS)
      this.answers.push(answer("latency", "fault", inWords(roundTripMs), { ...more, breaks: "streams" }));
    else this.answers.push(answer("latency", "figure", inWords(usualTripMs), more));
  }

  #leaveOut(because: QuestionId): void {
    const asked = new Set(this.answers.map(({ id }) => id));
    for (const id of Object.keys(QUESTIONS) as QuestionId[])
      if (!asked.has(id) && this.#isAsked(id))
        this.answers.push(answer(id, "unknown", `not asked: see ${because}`));
  }
}

/** Why the origin did not answer, and what to do. */
function noOrigin(fetching: Parameters<typeof jsonOf>[0]): string {
  const said = jsonOf(fetching);
  if (said?.problem === "wrong-token")
    return "the origin is there, but its token is another one; use the token that it printed";
  if (said?.problem === "no-token")
    return "the origin is there, but the token does not arrive: something changes the path";
  if (fetching.status === undefined)
    return `no answer (${fetching.failure ?? "in time"}); start the origin, and route the URL to it`;
  return `something else answers (${describe(fetching)}); route the URL to the origin`;
}
