import type { LogUnderTest } from "@tidemark/log-contract";
import { ProtocolError } from "@tidemark/protocol";
import { altered, type Mechanism } from "@tidemark/server-core";
import { type ServerMiddleware, serve } from "@tidemark/server-core/koa";
import { mechanismsOf } from "@tidemark/server-fetch/mechanisms";
import type { Context, Middleware } from "koa";
import type { TidemarkOptions } from "./tidemark.ts";

/** Options of {@link controlled}. */
export interface ControlOptions extends TidemarkOptions {
  /** URL path of the control interface. @defaultValue "/control" */
  readonly controlPath?: string;
  /** The mechanisms to serve. @defaultValue the mechanisms of {@link TidemarkOptions} */
  readonly mechanisms?: readonly Mechanism[];
}

/** The body of a control request; it has only the members that its fault needs. */
interface ControlRequest {
  readonly channel: string;
  /** The channel's URL. */
  readonly url: string;
  readonly keep: number;
  readonly how: "cut" | "drain";
  readonly denial: "overload" | "unauthorized" | "nothing";
}

/** The time over which a drain ends the streams, in milliseconds. */
const DRAIN_MS = 1_000;

/**
 * Serve a log's channels, and inject faults on request: `POST {controlPath}/trim`, `/drop`, `/restart` and `/deny`, as
 * the conformance suite's control interface defines them. Anyone who can connect can destroy messages: for tests only.
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

  /** Cause the fault. False if the fault is not offered. */
  async provoke(fault: string, ctx: Context): Promise<boolean> {
    const request = await readJson(ctx);
    if (fault === "trim" && this.#subject.trim) await this.#subject.trim(request.channel, request.keep);
    else if (fault === "drop") this.#drop(request);
    else if (fault === "deny") this.#denials.set(request.channel, request.denial);
    else if (fault === "restart" && this.#subject.restart) await this.#restart();
    else return false;
    return true;
  }

  /** A drain ends the whole server, so a new one takes the next requests. */
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
        // Not in `authorize`, which would change how a server that everyone may read is cached.
        channels: (name) => {
          if (this.#denials.get(name) === "unauthorized")
            throw new ProtocolError("forbidden", "The authorization for this channel has ended");
          return channels?.(name) ?? true;
        },
      },
    );
  }

  /** The mechanism, with no room for streams of a channel that has to look overloaded. */
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
