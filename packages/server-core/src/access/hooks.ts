import { type ProblemCode, ProtocolError } from "@tidemark/protocol";
import type { ChannelRequest, Visit } from "../request/channel-request.ts";
import { SharedQuestions } from "./shared-questions.ts";

/** Returns the principal, or undefined for an anonymous client. @throws ProtocolError `unauthorized`, `forbidden` */
export type Authorize<Framework = unknown> = (
  visit: Visit<Framework>,
) => string | undefined | Promise<string | undefined>;

/** Functions of the application that decide who may do what. */
export interface HookOptions<Framework = unknown> {
  /**
   * Called for each request, when a held request wakes, and at each heartbeat of a stream. To refuse, throw a
   * `ProtocolError`, or any error with a `status`, of 401, 403 or 404. Any other error means that the hook failed: a
   * new request is answered with the failure, but a stream stays open, a held request stays held, and the hook is
   * called again later.
   *
   * `visit.request` is the framework's own request: Koa's `Context`, the `IncomingMessage` of `node:http`, or the web's
   * `Request`. Where requests can arrive in two ways, annotate the argument (as `Visit<Context>`) if you know the way.
   */
  authorize?(visit: Visit<Framework>): ReturnType<Authorize>;
  /** Says whether a channel exists. Without it, every valid name does. Its failures count as those of `authorize`. */
  readonly channels?: (name: string) => boolean | Promise<boolean>;
  /**
   * How long a stream stays open while the hooks fail, in milliseconds (each up to 10 % longer); `null`: no limit.
   * @defaultValue 300_000
   */
  readonly hookGraceMs?: number | null;
  /**
   * Called with failures that no request waits for; with failures of the hooks at most once a minute.
   * @defaultValue console.error, five of a kind in 10 s, then their count
   */
  readonly onError?: (error: unknown) => void;
}

/** What the hooks say about a request that they allowed before: still allowed, or unknown because they failed. */
export type Standing = "allowed" | "unknown";

/** How long one call of a hook may take, in milliseconds, so that a hook that hangs does not block later calls. */
const QUESTION_MS = 30_000;

/** An outage is reported once in this time, in milliseconds, however many streams it affects. */
const REPORT_MS = 60_000;

/** The problems that a hook can report by the `status` of any error, as `ctx.throw(401)` does. */
const CODES: ReadonlyMap<unknown, ProblemCode> = new Map<unknown, ProblemCode>([
  [401, "unauthorized"],
  [403, "forbidden"],
  [404, "no-such-channel"],
  [429, "too-many-requests"],
  [503, "unavailable"],
]);

/** The codes that refuse. With any other code, the hook failed. */
const REFUSALS: ReadonlySet<string> = new Set<ProblemCode>(["unauthorized", "forbidden", "no-such-channel"]);

/** Calls the application's hooks, and distinguishes refusals from failures. */
export class Hooks {
  readonly #options: HookOptions<never>;
  readonly #questions = new SharedQuestions<Standing>((request) => this.#question(request));
  #reportedAt = Number.NEGATIVE_INFINITY;

  /** @throws RangeError if `hookGraceMs` is invalid */
  constructor(options: HookOptions<never>) {
    const { hookGraceMs } = options;
    if (hookGraceMs != null && !(hookGraceMs >= 0))
      throw new RangeError("hookGraceMs has to be a number of milliseconds of at least 0, or null");
    this.#options = options;
  }

  /** Whether there are hooks. */
  get canRefuse(): boolean {
    return this.#options.authorize !== undefined || this.#options.channels !== undefined;
  }

  /** Whether there is an `authorize` hook. */
  get takesCredentials(): boolean {
    return this.#options.authorize !== undefined;
  }

  /** How long a stream stays open while the hooks fail, in milliseconds. */
  get graceMs(): number {
    const { hookGraceMs = 300_000 } = this.#options;
    return hookGraceMs ?? Number.POSITIVE_INFINITY;
  }

  /** The principal of a request. @throws the hook's error, as a ProtocolError if it names a problem */
  async admit(request: ChannelRequest): Promise<string> {
    try {
      return (await this.#options.authorize?.(request as ChannelRequest<never>)) ?? "";
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
    throw new ProtocolError("no-such-channel", "This server has no channel of this name");
  }

  /** Whether a request is still allowed. Reports failures of the hooks. @throws ProtocolError the refusal */
  async judge(request: ChannelRequest): Promise<Standing> {
    if (!this.canRefuse) return "allowed";
    // Everything by which a hook can distinguish two requests: two sessions of one principal can end separately.
    const { principal, channel, search, remoteAddress, headers } = request;
    return this.#questions.ask(JSON.stringify([principal, channel, search, remoteAddress, headers]), request);
  }

  async #question(request: ChannelRequest): Promise<Standing> {
    try {
      await withinTime(this.#askBoth(request));
      return "allowed";
    } catch (error) {
      if (error instanceof ProtocolError && REFUSALS.has(error.code)) throw error;
      // If the request is over, its `signal` may have aborted the hook. That is not a failure.
      if (request.isOver) throw error;
      this.#report(error);
      return "unknown";
    }
  }

  async #askBoth(request: ChannelRequest): Promise<void> {
    await this.admit(request);
    await this.assertExists(request.channel);
  }

  #report(error: unknown): void {
    const now = performance.now();
    if (now - this.#reportedAt < REPORT_MS) return;
    this.#reportedAt = now;
    const { onError = console.error } = this.#options;
    onError(error);
  }
}

/** The problem that an error of a hook names; undefined if it names none. */
function problemOf(error: unknown): ProtocolError | undefined {
  if (error instanceof ProtocolError) return error;
  if (typeof error !== "object" || error === null || !("status" in error)) return undefined;
  const code = CODES.get(error.status);
  return code && new ProtocolError(code, "The application refused the request", { cause: error });
}

async function withinTime(question: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const why = `authorize or channels has not answered for ${QUESTION_MS / 1_000} s: it has to resolve or reject`;
    timer = setTimeout(() => reject(new Error(why)), QUESTION_MS).unref();
  });
  try {
    await Promise.race([question, late]);
  } finally {
    clearTimeout(timer);
  }
}
