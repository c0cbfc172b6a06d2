import type { LogUnderTest } from "@tidemark/log/contract";
import { ProtocolError } from "@tidemark/protocol";
import { altered, type Mechanism, type ServerMiddleware, serve } from "@tidemark/server-core";
import type { Context, Middleware } from "koa";
import { mechanismsOf, type TidemarkOptions } from "./tidemark.ts";

/** Options of {@link controlled}. */
export interface ControlOptions extends TidemarkOptions {
  /** Where the control interface is. @defaultValue "/control" */
  readonly controlPath?: string;
  /** What is served. @defaultValue the mechanisms of {@link TidemarkOptions} */
  readonly mechanisms?: readonly Mechanism[];
}

/** What a control request says; the members that its fault has. */
interface ControlRequest {
  readonly channel: string;
  /** The channel's URL. */
  readonly url: string;
  readonly keep: number;
  readonly how: "cut" | "drain";
  readonly denial: "overload" | "unauthorized" | "nothing";
}

/** How long streams are spread over when the server lets go of them, in milliseconds. */
const DRAIN_MS = 1_000;

/**
 * Serve a log's channels, and faults on demand beside them: `POST {controlPath}/trim`, `/drop`, `/restart` and `/deny`,
 * as the conformance suite's control interface has them. Whoever reaches it can destroy messages: for tests only.
 */
export function controlled(subject: LogUnderTest, options: ControlOptions = {}): Middleware {
  const { controlPath = "/control" } = options;
  const target = new ControlledTarget(subject, options);
  return async function controlled(ctx, next) {
    if (!ctx.path.startsWith(`${controlPath}/`)) return target.serve(ctx, next);
    const done = ctx.method === "POST" && (await target.provoke(ctx.path.slice(controlPath.length + 1), ctx));
    ctx.status = done ? 204 : 404;
  };
}

class ControlledTarget {
  readonly #subject: LogUnderTest;
  readonly #options: ControlOptions;
  readonly #denials = new Map<string, ControlRequest["denial"]>();
  readonly #open = new Set<Context>();
  #log: LogUnderTest["log"];
  #current: ServerMiddleware;

  constructor(subject: LogUnderTest, options: ControlOptions) {
    this.#subject = subject;
    this.#options = options;
    this.#log = subject.log;
    this.#current = this.#start();
  }

  async serve(ctx: Context, next: () => Promise<unknown>): Promise<void> {
    this.#open.add(ctx);
    ctx.res.once("close", () => this.#open.delete(ctx));
    await this.#current(ctx, next);
  }

  /** Whether the fault is offered; it has happened then. */
  async provoke(fault: string, ctx: Context): Promise<boolean> {
    const request = await readJson(ctx);
    if (fault === "trim" && this.#subject.trim) await this.#subject.trim(request.channel, request.keep);
    else if (fault === "drop") this.#drop(request);
    else if (fault === "deny") this.#denials.set(request.channel, request.denial);
    else if (fault === "restart" && this.#subject.restart) await this.#restart();
    else return false;
    return true;
  }

  /** A drain is the whole server's; those who come after it find another in its place. */
  #drop({ how, url }: ControlRequest): void {
    if (how === "cut") this.#cut(new URL(url).pathname);
    else {
      const { drain } = this.#current;
      this.#current = this.#start();
      drain({ windowMs: DRAIN_MS }).catch(this.#options.onError ?? console.error);
    }
  }

  async #restart(): Promise<void> {
    this.#log = (await this.#subject.restart?.()) ?? this.#log;
    this.#cut();
    this.#current = this.#start();
  }

  #cut(path?: string): void {
    for (const { res, path: open } of this.#open) if (path === undefined || open === path) res.destroy();
  }

  #start(): ServerMiddleware {
    const { channels, mechanisms = mechanismsOf(this.#options) } = this.#options;
    return serve(
      this.#log,
      mechanisms.map((mechanism) => this.#overloaded(mechanism)),
      {
        eventFilter: true,
        ...this.#options,
        // Not in `authorize`: a server that everybody may read is to cache as one.
        channels: (name) => {
          if (this.#denials.get(name) === "unauthorized")
            throw new ProtocolError("forbidden", "The authorization for this channel has ended");
          return channels?.(name) ?? true;
        },
      },
    );
  }

  /** The mechanism, which finds no room for the streams of a channel that is to look overloaded. */
  #overloaded(mechanism: Mechanism): Mechanism {
    if (mechanism.name !== "sse") return mechanism;
    const full = { connect: () => undefined };
    return {
      ...mechanism,
      answer: (request, channel) =>
        mechanism.answer(
          request,
          this.#denials.get(channel.name) === "overload" ? altered(channel, full) : channel,
        ),
    };
  }
}

async function readJson(ctx: Context): Promise<ControlRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of ctx.req) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString() || "{}") as ControlRequest;
}
