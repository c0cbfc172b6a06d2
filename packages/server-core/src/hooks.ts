import { type ProblemCode, ProtocolError } from "@tidemark/protocol";
import type { Exchange, Visit } from "./channel-request.ts";
import { SharedQuestions } from "./shared-questions.ts";

/** Who may do what: answers the principal (or nothing, for everybody). @throws ProtocolError `unauthorized`, `forbidden` */
export type Authorize = (visit: Visit) => string | undefined | Promise<string | undefined>;

/** The application's say in who may do what. */
export interface HookOptions {
  /**
   * Asked at every request, when a held one wakes, and at every heartbeat of a stream. A `ProtocolError`, or any error
   * with a `status`, of 401, 403 or 404 refuses. Whatever else it throws means that it could not be asked: a request is
   * answered with that failure, but a stream stays open and a held request stays held, and it is asked again.
   *
   * Annotate the argument as `Visit<Context>` or `Visit<IncomingMessage>` where you know how requests come.
   */
  authorize?(visit: Visit): ReturnType<Authorize>;
  /** Declares the channels that exist; without it every name is one (implicit channels). It can fail as `authorize` can. */
  readonly channels?: (name: string) => boolean | Promise<boolean>;
  /**
   * How long a stream stays open while the hooks cannot be asked, in milliseconds (each up to a tenth longer); `null`
   * sets no bound. @defaultValue 300_000
   */
  readonly hookGraceMs?: number | null;
  /** Told of failures that no request waits for; of those of the hooks once a minute at most. @defaultValue console.error, five of a kind in 10 s, then their count */
  readonly onError?: (error: unknown) => void;
}

/** What the hooks say of a request that they let in before: it still may, or they could not be asked. */
export type Standing = "allowed" | "unknown";

/** How long one question may take, in milliseconds; a hook that never answers must not keep others from asking. */
const QUESTION_MS = 30_000;

/** An outage is told once in this time, in milliseconds, however many streams it concerns. */
const REPORT_MS = 60_000;

/** The problems that a hook can tell by the `status` of any error, as `ctx.throw(401)` does. */
const CODES: ReadonlyMap<unknown, ProblemCode> = new Map<unknown, ProblemCode>([
  [401, "unauthorized"],
  [403, "forbidden"],
  [404, "no-such-channel"],
  [429, "too-many-requests"],
  [503, "unavailable"],
]);

/** The codes that say no; with any other the hook did not decide. */
const REFUSALS: ReadonlySet<string> = new Set<ProblemCode>(["unauthorized", "forbidden", "no-such-channel"]);

/** Asks the application's hooks, and tells its refusals from its failures. */
export class Hooks {
  readonly #options: HookOptions;
  readonly #questions = new SharedQuestions<Standing>((exchange) => this.#question(exchange));
  #reportedAt = Number.NEGATIVE_INFINITY;

  /** @throws RangeError for a `hookGraceMs` that is not a time */
  constructor(options: HookOptions) {
    const { hookGraceMs } = options;
    if (hookGraceMs != null && !(hookGraceMs >= 0))
      throw new RangeError("hookGraceMs has to be a number of milliseconds from 0 on, or null");
    this.#options = options;
  }

  /** Whether there is anybody to ask. */
  get canRefuse(): boolean {
    return this.#options.authorize !== undefined || this.#options.channels !== undefined;
  }

  /** Whether not everybody may do everything, as far as the server knows. */
  get takesCredentials(): boolean {
    return this.#options.authorize !== undefined;
  }

  /** How long a stream stays open while the hooks cannot be asked, in milliseconds. */
  get graceMs(): number {
    const { hookGraceMs = 300_000 } = this.#options;
    return hookGraceMs ?? Number.POSITIVE_INFINITY;
  }

  /** The principal of a request. @throws what the hook does, as a ProtocolError where it tells a problem */
  async admit(exchange: Exchange): Promise<string> {
    try {
      return (await this.#options.authorize?.(exchange)) ?? "";
    } catch (error) {
      throw problemOf(error) ?? error;
    }
  }

  /** @throws ProtocolError `no-such-channel` if the channel is not declared, and what the hook throws */
  async assertExists(name: string): Promise<void> {
    const { channels } = this.#options;
    if (channels === undefined) return;
    try {
      if (await channels(name)) return;
    } catch (error) {
      throw problemOf(error) ?? error;
    }
    throw new ProtocolError("no-such-channel", "There is no channel of this name here");
  }

  /** Whether a request would still be let in. Failures of the hooks are reported and not thrown. @throws ProtocolError the refusal */
  async judge(exchange: Exchange, principal: string): Promise<Standing> {
    if (!this.canRefuse) return "allowed";
    // All that a hook can tell two requests apart by: two sessions of one principal can end one by one.
    const { channel, search, remoteAddress, headers } = exchange;
    return this.#questions.ask(
      JSON.stringify([principal, channel, search, remoteAddress, headers]),
      exchange,
    );
  }

  async #question(exchange: Exchange): Promise<Standing> {
    try {
      await withinTime(this.#askBoth(exchange));
      return "allowed";
    } catch (error) {
      if (error instanceof ProtocolError && REFUSALS.has(error.code)) throw error;
      // A hook that was called off with its request did not fail: somebody else asks.
      if (exchange.isOver) throw error;
      this.#report(error);
      return "unknown";
    }
  }

  async #askBoth(exchange: Exchange): Promise<void> {
    await this.admit(exchange);
    await this.assertExists(exchange.channel);
  }

  #report(error: unknown): void {
    const now = performance.now();
    if (now - this.#reportedAt < REPORT_MS) return;
    this.#reportedAt = now;
    const { onError = console.error } = this.#options;
    onError(error);
  }
}

/** What an error of a hook is on the wire; undefined if it is a failure. */
function problemOf(error: unknown): ProtocolError | undefined {
  if (error instanceof ProtocolError) return error;
  if (typeof error !== "object" || error === null || !("status" in error)) return undefined;
  const code = CODES.get(error.status);
  return code && new ProtocolError(code, "The application refused the request", { cause: error });
}

async function withinTime(question: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const why = `A hook has not answered for ${QUESTION_MS / 1_000} s: authorize and channels have to`;
    timer = setTimeout(() => reject(new Error(why)), QUESTION_MS).unref();
  });
  try {
    await Promise.race([question, late]);
  } finally {
    clearTimeout(timer);
  }
}
