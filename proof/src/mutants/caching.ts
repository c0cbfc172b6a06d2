import { tokenOptions, WITH_TOKEN } from "../peer/access.ts";
import { answering } from "../peer/change-answers.ts";
import { heading } from "../peer/change-http.ts";
import { because, type Mutant } from "./mutant.ts";

/** Servers that send wrong caching headers. */
export const cachingMutants: readonly Mutant[] = [
  {
    id: "cacheable-newest-page",
    title: "lets caches store the newest page",
    breaks: ["CORE-CACHE-1"],
    ...heading((_ctx, res) =>
      res.getHeader("cache-control") === "private, no-cache"
        ? { "Cache-Control": "private, max-age=60" }
        : {},
    ),
  },
  {
    id: "cacheable-page-of-a-word",
    title: "lets caches store the pages for `start` and `end`, which move",
    breaks: ["CORE-CACHE-1"],
    ...answering(["poll"], (answer) =>
      answer.headers["Cache-Control"] === undefined && answer.status === 200
        ? { ...answer, headers: { ...answer.headers, "Cache-Control": "private, no-cache" } }
        : answer,
    ),
  },
  {
    id: "cacheable-gap",
    title: "sends a 410 without Cache-Control, so caches store it",
    breaks: ["CORE-CACHE-1"],
    ...heading((ctx) => (ctx.status === 410 ? { "Cache-Control": undefined } : {})),
  },
  {
    id: "cacheable-204",
    title: "sends a 204 without Cache-Control, so caches store it",
    breaks: ["CORE-CACHE-1"],
    ...heading((ctx) => (ctx.status === 204 && ctx.method === "GET" ? { "Cache-Control": undefined } : {})),
  },
  {
    id: "cacheable-long-poll",
    title: "lets caches store the pages of long polls",
    breaks: ["CORE-CACHE-1"],
    collateral: because("no-store is how the test recognizes wait=0 as a long poll", "LP-NOW-7"),
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
    title: "marks pages public that need credentials",
    breaks: ["CORE-CACHE-2"],
    collateral: because("public pages are also fresh", "CORE-CACHE-4"),
    options: { ...tokenOptions(), polling: { isPublic: true } },
    suite: () => WITH_TOKEN,
  },
  {
    id: "fresh-with-credentials",
    title: "lets a browser reuse pages that need credentials for its next user",
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
    title: "does not send Vary: Accept",
    breaks: ["CORE-CACHE-3"],
    ...heading(() => ({ Vary: undefined })),
  },
  {
    id: "vary-only-where-it-went-well",
    title: "does not send Vary: Accept with problems",
    breaks: ["CORE-CACHE-3"],
    ...heading((ctx) => (ctx.status >= 400 ? { Vary: undefined } : {})),
  },
];
