import { mechanism } from "../peer/change-answers.ts";
import { heading } from "../peer/change-http.ts";
import { because, type Mutant } from "./mutant.ts";

/** The origin that the suite comes from. */
const ORIGIN = "https://conformance.example";

/** Servers that say too little, or too much, in header fields. */
export const headerFieldMutants: readonly Mutant[] = [
  {
    id: "problems-do-not-claim",
    title: "sends Tidemark only where it went well, so that its problems look like a proxy's",
    breaks: ["CORE-CLAIM-1"],
    ...heading((ctx) => (ctx.status >= 400 ? { Tidemark: undefined } : {})),
  },
  {
    id: "204-does-not-claim",
    title: "sends no Tidemark with a 204",
    breaks: ["CORE-CLAIM-1"],
    ...heading((ctx) => (ctx.status === 204 && ctx.method === "GET" ? { Tidemark: undefined } : {})),
  },
  {
    id: "claims-differ-by-answer",
    title: "claims less in its streams than in its pages",
    breaks: ["CORE-CLAIM-1"],
    ...heading((_ctx, res) =>
      res.getHeader("content-type") === "text/event-stream" ? { Tidemark: "v=1, mechanisms=(sse)" } : {},
    ),
  },
  {
    id: "keys-are-claimed-and-refused",
    title: "claims idempotency keys, and refuses them",
    breaks: ["CORE-CLAIM-3"],
    collateral: because("a key that should be taken is not", "PUB-KEY-3", "PUB-KEY-4", "PUB-KEY-6"),
    options: { publishing: { keyTtlS: null } },
    ...mechanism(["publish"], () => ({ claims: { keyTtlS: 86_400 } })),
  },
  {
    id: "claims-another-heartbeat",
    title: "claims another heartbeat than its streams announce",
    breaks: ["SSE-OPEN-3"],
    ...heading((_ctx, res) => ({
      Tidemark: String(res.getHeader("tidemark")).replace(/heartbeat=\d+/, "heartbeat=1"),
    })),
  },
  {
    id: "long-poll-without-poll",
    title: "claims long polling and not polling",
    breaks: ["CORE-CLAIM-4"],
    ...heading((_ctx, res) => ({
      Tidemark: String(res.getHeader("tidemark")).replace("(poll ", "("),
    })),
  },
  {
    id: "problems-are-for-the-own-origin",
    title: "lets pages of other origins see pages and streams, but no problem",
    breaks: ["CORE-ORIGIN-1"],
    ...heading((ctx) => (ctx.status >= 400 ? { "Access-Control-Allow-Origin": undefined } : {})),
  },
  {
    id: "fields-are-not-exposed",
    title: "does not let pages of other origins see Retry-After",
    breaks: ["CORE-ORIGIN-2"],
    ...heading(() => ({ "Access-Control-Expose-Headers": "Tidemark, ETag, Location, WWW-Authenticate" })),
  },
  {
    id: "keys-are-not-allowed-from-afar",
    title: "does not let pages of other origins send an idempotency key",
    breaks: ["CORE-ORIGIN-5"],
    options: { cors: { write: [ORIGIN] } },
    ...heading((ctx) =>
      ctx.method === "OPTIONS"
        ? {
            "Access-Control-Allow-Headers": "Content-Type, Authorization, If-None-Match, Last-Event-ID",
          }
        : {},
    ),
  },
  {
    id: "resuming-is-not-allowed-from-afar",
    title: "does not let pages of other origins send the position where they resume, nor an entity tag",
    breaks: ["CORE-ORIGIN-3"],
    ...heading((ctx) =>
      ctx.method === "OPTIONS" ? { "Access-Control-Allow-Headers": "Content-Type, Authorization" } : {},
    ),
  },
  {
    id: "no-vary-by-origin",
    title: "allows one origin by its name and does not say that its answers depend on it",
    breaks: ["CORE-ORIGIN-4"],
    options: { cors: { origin: [ORIGIN] } },
    ...heading((_ctx, res) => ({ Vary: String(res.getHeader("vary") ?? "").replace(/(, )?Origin/, "") })),
  },
  {
    id: "body-may-be-sniffed",
    title: "does not forbid browsers to guess what a body is",
    breaks: ["CORE-PROBLEM-4"],
    ...heading(() => ({ "X-Content-Type-Options": undefined })),
  },
];
