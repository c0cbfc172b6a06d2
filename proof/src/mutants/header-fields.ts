import { mechanism } from "../peer/change-answers.ts";
import { heading } from "../peer/change-http.ts";
import { because, type Mutant } from "./mutant.ts";

/** The `Origin` that the suite sends. */
const ORIGIN = "https://conformance.example";

/** Servers that send wrong header fields. */
export const headerFieldMutants: readonly Mutant[] = [
  {
    id: "problems-do-not-claim",
    title: "sends Tidemark only with successful answers, so that its problems look like a proxy's",
    breaks: ["CORE-CLAIM-1"],
    ...heading((ctx) => (ctx.status >= 400 ? { Tidemark: undefined } : {})),
  },
  {
    id: "204-does-not-claim",
    title: "sends a 204 without Tidemark",
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
    title: "claims idempotency keys but rejects them",
    breaks: ["CORE-CLAIM-3"],
    collateral: because("valid keys are rejected", "PUB-KEY-3", "PUB-KEY-4", "PUB-KEY-6"),
    options: { publishing: { keyTtlS: null } },
    ...mechanism(["publish"], () => ({ claims: () => ({ publish: true, keyTtlS: 86_400 }) })),
  },
  {
    id: "claims-another-heartbeat",
    title: "claims a different heartbeat than its streams announce",
    breaks: ["SSE-OPEN-3"],
    ...heading((_ctx, res) => ({
      Tidemark: String(res.getHeader("tidemark")).replace(/heartbeat=\d+/, "heartbeat=1"),
    })),
  },
  {
    id: "long-poll-without-poll",
    title: "claims long polling without polling",
    breaks: ["CORE-CLAIM-4"],
    ...heading((_ctx, res) => ({
      Tidemark: String(res.getHeader("tidemark")).replace("(poll ", "("),
    })),
  },
  {
    id: "problems-are-for-the-own-origin",
    title: "lets pages of other origins read pages and streams, but not problems",
    breaks: ["CORE-ORIGIN-1"],
    ...heading((ctx) => (ctx.status >= 400 ? { "Access-Control-Allow-Origin": undefined } : {})),
  },
  {
    id: "fields-are-not-exposed",
    title: "does not expose Retry-After to pages of other origins",
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
    title: "does not let pages of other origins send Last-Event-ID or If-None-Match",
    breaks: ["CORE-ORIGIN-3"],
    ...heading((ctx) =>
      ctx.method === "OPTIONS" ? { "Access-Control-Allow-Headers": "Content-Type, Authorization" } : {},
    ),
  },
  {
    id: "no-vary-by-origin",
    title: "allows one named origin without sending Vary: Origin",
    breaks: ["CORE-ORIGIN-4"],
    options: { cors: { origin: [ORIGIN] } },
    ...heading((_ctx, res) => ({ Vary: String(res.getHeader("vary") ?? "").replace(/(, )?Origin/, "") })),
  },
  {
    id: "body-may-be-sniffed",
    title: "does not forbid browsers to sniff the content type",
    breaks: ["CORE-PROBLEM-4"],
    ...heading(() => ({ "X-Content-Type-Options": undefined })),
  },
];
