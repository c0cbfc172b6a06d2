import type { Driver } from "@tidemark/conformance";
import type { Log } from "@tidemark/log";
import { parsePublish } from "@tidemark/protocol";
import type { Mechanism } from "@tidemark/server-core";
import { COOKIE_OPTIONS, tokenOptions, WITH_COOKIE, WITH_TOKEN } from "../peer/access.ts";
import { leaving } from "../peer/change-http.ts";
import { oneAtATime } from "../peer/one-at-a-time.ts";
import type { Parts } from "../peer/parts.ts";
import type { Variant } from "./variant.ts";

/** Servers that offer fewer features, or serve fewer clients. */
export const offerVariants: readonly Variant[] = [
  { id: "polling-only", title: "offers only polling", ...offering("poll", "publish") },
  { id: "sse-only", title: "offers only SSE", ...offering("sse", "publish") },
  { id: "no-sse", title: "offers polling and long polling", ...offering("poll", "long-poll", "publish") },
  { id: "no-long-polling", title: "offers polling and SSE", ...offering("poll", "sse", "publish") },
  {
    id: "read-only",
    title: "accepts no publishes; the application appends the messages",
    options: { publishing: null },
    suite: ({ log }) => ({ driver: driverOf(log) }),
  },
  {
    id: "nothing-may-be-published",
    title: "accepts no publishes, and its messages come from an unknown source",
    options: { publishing: null },
    isPartial: true,
  },
  {
    id: "declared-channels",
    title: "knows only declared channels",
    options: { channels: (name) => name.startsWith("conformance-") },
  },
  {
    id: "channels-declared-one-by-one",
    title: "knows only channels that were declared before, one by one; it accepts publishes",
    options: { channels: (name) => declared.has(name) },
    suite: ({ log }) => ({
      driver: { ...driverOf(log), declare: async ({ name }) => void declared.add(name) },
    }),
  },
  {
    id: "channels-of-other-names",
    title: "knows only declared channels, none of which the suite uses",
    options: { channels: () => false },
    isPartial: true,
  },
  {
    id: "few-connections",
    title: "has room for 20 streams and held requests, and refuses more of them softly",
    options: { maxConnections: 20 },
  },
  {
    id: "sse-only-under-faults",
    title: "offers only SSE, and is put under faults",
    isProvoked: true,
    ...offering("sse", "publish"),
  },
  { id: "no-filter", title: "does not offer the filter", options: { eventFilter: false } },
  { id: "no-keys", title: "does not offer idempotency keys", options: { publishing: { keyTtlS: null } } },
  { id: "no-removal", title: "rejects DELETE", options: { publishing: { remove: false } } },
  {
    id: "created-at-a-place",
    title: "answers a publish with 201 and Location",
    ...leaving((ctx) => {
      if (ctx.method !== "POST" || ctx.status !== 200 || String(ctx.body).includes('"cursors":[]')) return;
      ctx.status = 201;
      ctx.set("Location", ctx.path);
    }),
  },
  {
    id: "keys-in-progress",
    title: "answers a repetition of a publish that is still running with in-progress",
    ...oneAtATime(),
  },
  { id: "with-a-token", title: "requires a token", options: tokenOptions(), suite: () => WITH_TOKEN },
  {
    id: "with-a-cookie",
    title: "requires a cookie, and serves only pages of its own origin",
    options: COOKIE_OPTIONS,
    suite: () => WITH_COOKIE,
    unmet: ["CORE-ORIGIN-1"],
  },
  {
    id: "own-origin-only",
    title: "serves only pages of its own origin",
    options: { cors: null },
    unmet: ["CORE-ORIGIN-1"],
  },
  {
    id: "a-named-origin-writes",
    title: "lets pages of one named origin write, and pages of all origins read",
    options: { cors: { write: ["https://conformance.example"], headers: ["traceparent"] } },
  },
  {
    id: "redirects",
    title: "redirects a channel URL with a trailing slash",
    outer: [
      async (ctx, next) => {
        if (!ctx.path.endsWith("/")) return void (await next());
        ctx.status = 308;
        ctx.set("Location", ctx.url.replace("/?", "?").replace(/\/$/, ""));
      },
    ],
  },
];

/** The names of declared channels; those of two runs differ. */
const declared = new Set<string>();

/** A server that offers only these mechanisms. */
function offering(...names: readonly Mechanism["name"][]): Parts {
  return { mechanisms: (mechanisms) => mechanisms.filter(({ name }) => names.includes(name)) };
}

/** Publishes directly to the log, as the application behind a server does. */
function driverOf(log: Log): Driver {
  return {
    name: "module",
    async publish({ name }, drafts) {
      const messages = drafts.map(({ event = "message", json }) => `{"event":"${event}","data":${json}}`);
      const { drafts: raw } = parsePublish(Buffer.from(`{"messages":[${messages.join(",")}]}`));
      await log.append(name, raw);
    },
    close: async ({ name }) => void (await log.append(name, [], { close: true })),
    remove: ({ name }) => log.remove(name),
  };
}
