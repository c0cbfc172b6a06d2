import { arriving, heading, leaving } from "../peer/change-http.ts";
import { because, type Mutant } from "./mutant.ts";

/** Servers that choose the wrong mechanism, or handle a method wrongly. */
export const choiceMutants: readonly Mutant[] = [
  {
    id: "accept-is-compared-as-it-is",
    title: "recognizes text/event-stream in Accept only in its exact spelling",
    breaks: ["CORE-CHOICE-1"],
    ...arriving((ctx) => {
      const { accept = "" } = ctx.req.headers;
      if (/event-stream/i.test(accept) && accept !== "text/event-stream") ctx.req.headers.accept = "*/*";
    }),
  },
  {
    id: "weights-are-ignored",
    title: "ignores the weights in Accept",
    breaks: ["CORE-CHOICE-1"],
    ...arriving((ctx) => {
      const { accept } = ctx.req.headers;
      if (accept) ctx.req.headers.accept = accept.replace(/;\s*q=[^,;]*/g, "");
    }),
  },
  {
    id: "json-is-refused-for-html",
    title:
      "refuses a request that accepts neither JSON nor a stream, such as one from a browser's address bar",
    breaks: ["CORE-CHOICE-1"],
    ...leaving((ctx) => {
      const { accept = "*/*" } = ctx.req.headers;
      if (ctx.method !== "GET" || ctx.status !== 200 || /json|\*|event-stream/i.test(accept)) return;
      ctx.status = 406;
    }),
  },
  {
    id: "stream-is-refused-without-sse",
    title: "refuses stream=1 when it does not offer SSE, regardless of Accept",
    breaks: ["CORE-CHOICE-1"],
    mechanisms: (mechanisms) => mechanisms.filter(({ name }) => name !== "sse"),
    ...arriving((ctx) => {
      if (new URLSearchParams(ctx.querystring).get("stream") === "1")
        ctx.req.headers.accept = "text/event-stream";
    }),
  },
  {
    id: "head-is-held",
    title: "holds a HEAD with wait",
    breaks: ["CORE-HEAD-1"],
    outer: [
      async (ctx, next) => {
        const isHead = ctx.method === "HEAD";
        if (isHead) ctx.req.method = "GET";
        await next();
        if (isHead) ctx.req.method = "HEAD";
      },
    ],
    options: { longPolling: { maxWaitS: 8 } },
  },
  {
    id: "head-without-the-fields-of-get",
    title: "answers HEAD without the ETag of the GET",
    breaks: ["CORE-HEAD-1"],
    ...heading((ctx) => (ctx.method === "HEAD" ? { ETag: undefined } : {})),
  },
  {
    id: "any-method-is-a-read",
    title: "answers PUT with a page",
    breaks: ["CORE-METHOD-1"],
    ...arriving((ctx) => {
      if (ctx.method === "PUT") ctx.method = "GET";
    }),
  },
  {
    id: "options-is-200",
    title: "answers OPTIONS with 200",
    breaks: ["CORE-METHOD-2"],
    collateral: because("this applies to a request with a query too", "CORE-PARAM-7"),
    ...leaving((ctx) => {
      if (ctx.method !== "OPTIONS") return;
      ctx.status = 200;
      ctx.body = "ok";
    }),
  },
  {
    id: "redirect-drops-the-query",
    title: "redirects to the channel without a slash, and drops the query",
    breaks: ["CORE-METHOD-3"],
    outer: [
      async (ctx, next) => {
        if (ctx.path.endsWith("/")) ctx.redirect(ctx.path.slice(0, -1));
        else await next();
      },
    ],
  },
];
