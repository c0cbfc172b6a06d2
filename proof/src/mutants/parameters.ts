import { altered } from "@tidemark/server-core";
import { mechanism, within } from "../peer/change-answers.ts";
import { asking, leaving } from "../peer/change-http.ts";
import { because, type Mutant } from "./mutant.ts";

/** Servers that read the query wrongly. */
export const parameterMutants: readonly Mutant[] = [
  {
    id: "query-is-not-decoded",
    title: "does not percent-decode names and values",
    breaks: ["CORE-PARAM-1"],
    outer: [
      async (ctx, next) => {
        ctx.querystring = ctx.querystring.replace(/%(?!0)/g, "%25");
        await next();
      },
    ],
  },
  {
    id: "unknown-parameters-are-refused",
    title: "rejects unknown parameters",
    breaks: ["CORE-PARAM-2"],
    ...asking((query, ctx) => {
      const known = ["after", "limit", "wait", "gap", "stream", "event"];
      if (ctx.method === "GET" && [...query.keys()].some((name) => !known.includes(name)))
        query.set("limit", "0");
    }),
  },
  {
    id: "malformed-cursor-is-the-start",
    title: "treats a malformed after as start",
    breaks: ["CORE-PARAM-3"],
    ...asking((query) => {
      const after = query.get("after");
      if (query.getAll("after").length === 1 && !/^[A-Za-z0-9._~-]{1,1024}$/.test(after ?? ""))
        query.set("after", "start");
    }),
  },
  {
    id: "limit-0-is-the-default",
    title: "treats limit=0 as no limit",
    breaks: ["CORE-PARAM-3"],
    ...asking((query) => {
      if (query.getAll("limit").length === 1 && /^0+$/.test(query.get("limit") ?? "")) query.delete("limit");
    }),
  },
  {
    id: "last-of-repeated-parameters-counts",
    title: "uses the last value of a repeated parameter",
    breaks: ["CORE-PARAM-4"],
    ...asking((query) => {
      for (const name of new Set(query.keys())) {
        const last = query.getAll(name).at(-1) ?? "";
        if (name !== "stream" || last === "1") query.set(name, last.replace(/^0(?=[a-z])/, ""));
      }
    }),
  },
  {
    id: "too-large-numbers-are-refused",
    title: "rejects a limit above its maximum",
    breaks: ["CORE-PARAM-6"],
    ...asking((query) => {
      if (Number(query.get("limit")) > 1_000) query.set("limit", "-1");
    }),
  },
  {
    id: "limit-is-not-clamped",
    title: "exceeds its own maximum page size when asked to",
    breaks: ["CORE-PARAM-6"],
    options: { maxLimit: 10 },
    ...within(["poll", "long-poll"], (_channel, { read }) => ({ limit: read.limit ?? 10 })),
  },
  {
    id: "query-counts-for-every-method",
    title: "rejects a POST for a malformed read parameter",
    breaks: ["CORE-PARAM-7"],
    ...leaving((ctx) => {
      if (ctx.method === "POST" && new URLSearchParams(ctx.querystring).get("limit") === "0")
        ctx.status = 400;
    }),
  },
  {
    id: "limit-counts-for-streams",
    title: "ends a stream after limit messages",
    breaks: ["CORE-PARAM-8"],
    ...within(["sse"], (channel, { read: { limit } }) => ({
      read: async (from, options) => {
        const page = await channel.read(from, options);
        return { ...page, messages: page.messages.slice(0, limit) };
      },
    })),
  },
  {
    id: "preference-for-a-gap-always-counts",
    title: "starts where gap= says although there is no gap",
    breaks: ["CORE-PARAM-8"],
    ...mechanism(["poll"], ({ answer }) => ({
      answer: async (request, channel) => {
        const answered = await answer(request, channel);
        const { gap } = request.read;
        if (gap === undefined || String(answered.body).includes('"gap":')) return answered;
        return answer(altered(request, { read: { ...request.read, after: gap } }), channel);
      },
    })),
  },
  {
    id: "wait-is-refused-without-long-polling",
    title: "rejects wait when it does not offer long polling",
    breaks: ["CORE-PARAM-8"],
    collateral: because("a wait above the maximum is rejected too", "CORE-PARAM-6"),
    mechanisms: (mechanisms) => mechanisms.filter(({ name }) => name !== "long-poll"),
    ...asking((query, ctx) => {
      if (query.has("wait") && !query.has("stream") && ctx.method === "GET") query.set("wait", "no");
    }),
  },
];
