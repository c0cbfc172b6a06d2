import type { ServerResponse } from "node:http";
import type { Context } from "koa";
import type { Parts } from "./parts.ts";

/** Fields to set; `undefined` removes one. */
export type Fields = Readonly<Record<string, string | undefined>>;

/** Change the header fields of every answer, including streams, just before they are sent. */
export function heading(change: (ctx: Context, res: ServerResponse) => Fields): Parts {
  return beforeHead((ctx, res) => {
    for (const [name, value] of Object.entries(change(ctx, res))) {
      if (value === undefined) res.removeHeader(name);
      else res.setHeader(name, value);
    }
  });
}

/** Call `act` just before the head of an answer is sent. */
export function beforeHead(act: (ctx: Context, res: ServerResponse) => void): Parts {
  return {
    outer: [
      async (ctx, next) => {
        const { res } = ctx;
        const writeHead = res.writeHead.bind(res) as (...args: unknown[]) => ServerResponse;
        res.writeHead = (...args: unknown[]) => {
          act(ctx, res);
          return writeHead(...args);
        };
        await next();
      },
    ],
  };
}

/** Change the query of every request before the server sees it. */
export function asking(change: (query: URLSearchParams, ctx: Context) => void): Parts {
  return {
    outer: [
      async (ctx, next) => {
        const query = new URLSearchParams(ctx.querystring);
        change(query, ctx);
        ctx.querystring = query.toString();
        await next();
      },
    ],
  };
}

/** Change a request before the server sees it. */
export function arriving(change: (ctx: Context) => void): Parts {
  return {
    outer: [
      async (ctx, next) => {
        change(ctx);
        await next();
      },
    ],
  };
}

/** A problem as JSON. */
export type LooseProblem = Record<string, unknown> & { type: string; status: number };

/** Change the problems that are sent; other answers stay as they are. */
export function problems(change: (problem: LooseProblem, ctx: Context) => void): Parts {
  return leaving((ctx) => {
    if (ctx.status < 400 || typeof ctx.body !== "string") return;
    const { status } = ctx;
    const problem = JSON.parse(ctx.body) as LooseProblem;
    change(problem, ctx);
    if (typeof ctx.body !== "string") return;
    ctx.body = JSON.stringify(problem);
    if (ctx.status === status && typeof problem.status === "number") ctx.status = problem.status;
  });
}

/** Change an answer, unless it is a stream, once it is complete. */
export function leaving(change: (ctx: Context) => void | Promise<void>): Parts {
  return {
    outer: [
      async (ctx, next) => {
        await next();
        if (ctx.respond !== false) await change(ctx);
      },
    ],
  };
}

/** The name of a problem: the last segment of its type. */
export function nameOf(problem: LooseProblem): string {
  return problem.type.split("/").at(-1) ?? "";
}
