import { Buffer } from "node:buffer";
import type { Context } from "koa";
import type { Answer } from "../answer/answer.ts";
import type { StreamSink } from "../answer/stream-sink.ts";
import type { Outlet } from "../answer/write-answer.ts";
import { ResponseSink, type SinkOptions } from "../node/response-sink.ts";

/** Hands an answer to Koa, so that other middleware sees it. A stream is written to the response directly. */
export class ContextOutlet implements Outlet {
  readonly #ctx: Context;
  readonly #options: SinkOptions;

  constructor(ctx: Context, options: SinkOptions) {
    this.#ctx = ctx;
    this.#options = options;
  }

  send({ status }: Answer, fields: string[], body: string | Uint8Array | undefined): void {
    this.#setHead(status, fields);
    if (body !== undefined) this.#ctx.body = typeof body === "string" ? body : Buffer.from(body);
  }

  open({ status }: Answer, fields: string[]): StreamSink {
    const ctx = this.#ctx;
    ctx.status = status;
    ctx.remove("Content-Length");
    this.#setHead(status, fields);
    ctx.respond = false;
    return new ResponseSink(ctx.res, this.#options);
  }

  #setHead(status: number, fields: readonly string[]): void {
    const ctx = this.#ctx;
    ctx.status = status;
    for (let at = 0; at < fields.length; at += 2) {
      const [name = "", value = ""] = [fields[at], fields[at + 1]];
      if (name === "Vary") ctx.vary(value.split(", "));
      else ctx.set(name, value);
    }
  }
}
