import { tokenOptions, WITH_TOKEN } from "../peer/access.ts";
import { answering } from "../peer/change-answers.ts";
import { heading } from "../peer/change-http.ts";
import { because, type Mutant } from "./mutant.ts";

/** Servers that let caches do what they must not. */
export const cachingMutants: readonly Mutant[] = [
  {
    id: "cacheable-newest-page",
    title: "lets caches keep the newest page",
    breaks: ["CORE-CACHE-1"],
    ...heading((_ctx, res) =>
      res.getHeader("cache-control") === "private, no-cache"
        ? { "Cache-Control": "private, max-age=60" }
        : {},
    ),
  },
  {
    id: "cacheable-page-of-a-word",
    title: "lets caches keep the page of a word, which moves",
    breaks: ["CORE-CACHE-1"],
    ...answering(["poll"], (answer) =>
      answer.headers["Cache-Control"] === undefined && answer.status === 200
        ? { ...answer, headers: { ...answer.headers, "Cache-Control": "private, no-cache" } }
        : answer,
    ),
  },
  {
    id: "cacheable-gap",
    title: "says nothing of caching in a 410, which caches then keep",
    breaks: ["CORE-CACHE-1"],
    ...heading((ctx) => (ctx.status === 410 ? { "Cache-Control": undefined } : {})),
  },
  {
    id: "cacheable-204",
    title: "says nothing of caching in a 204, which caches then keep",
    breaks: ["CORE-CACHE-1"],
    ...heading((ctx) => (ctx.status === 204 && ctx.method === "GET" ? { "Cache-Control": undefined } : {})),
  },
  {
    id: "cacheable-long-poll",
    title: "lets caches keep the pages of long polls",
    breaks: ["CORE-CACHE-1"],
    collateral: because("that it is no-store shows that wait=0 is a long poll", "LP-NOW-7"),
    ...answering(["long-poll"], (answer) => ({
      ...answer,
      headers: { ...answer.headers, "Cache-Control": "private, max-age=60" },
    })),
  },
  {
    id: "stream-may-be-transformed",
    title: "lets proxies transform streams",
    breaks: ["CORE-CACHE-1"],
    ...heading((_ctx, res) =>
      res.getHeader("content-type") === "text/event-stream" ? { "Cache-Control": "no-store" } : {},
    ),
  },
  {
    id: "public-with-credentials",
    title: "says public of pages that only some may read",
    breaks: ["CORE-CACHE-2"],
    collateral: because("what is public is fresh too", "CORE-CACHE-4"),
    options: { ...tokenOptions(), polling: { isPublic: true } },
    suite: () => WITH_TOKEN,
  },
  {
    id: "fresh-with-credentials",
    title: "lets a browser keep pages that only some may read, for whoever uses it next",
    breaks: ["CORE-CACHE-4"],
    options: tokenOptions(),
    suite: () => WITH_TOKEN,
    ...answering(["poll"], (answer) =>
      answer.headers["Cache-Control"] === "private, no-cache" && String(answer.body).includes('"more":true')
        ? { ...answer, headers: { ...answer.headers, "Cache-Control": "private, max-age=60" } }
        : answer,
    ),
  },
  {
    id: "no-vary",
    title: "does not say that its answers depend on Accept",
    breaks: ["CORE-CACHE-3"],
    ...heading(() => ({ Vary: undefined })),
  },
  {
    id: "vary-only-where-it-went-well",
    title: "says that its answers depend on Accept in none of its problems",
    breaks: ["CORE-CACHE-3"],
    ...heading((ctx) => (ctx.status >= 400 ? { Vary: undefined } : {})),
  },
];
