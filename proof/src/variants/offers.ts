import type { Driver } from "@tidemark/conformance";
import type { Log } from "@tidemark/log";
import { parsePublish } from "@tidemark/protocol";
import type { Mechanism } from "@tidemark/server-core";
import { COOKIE_OPTIONS, tokenOptions, WITH_COOKIE, WITH_TOKEN } from "../peer/access.ts";
import { leaving } from "../peer/change-http.ts";
import { oneAtATime } from "../peer/one-at-a-time.ts";
import type { Parts } from "../peer/parts.ts";
import type { Variant } from "./variant.ts";

/** Servers that offer less, or to fewer. */
export const offerVariants: readonly Variant[] = [
  { id: "polling-only", title: "offers polling alone", ...offering("poll", "publish") },
  { id: "sse-only", title: "offers SSE alone", ...offering("sse", "publish") },
  { id: "no-sse", title: "offers polling and long polling", ...offering("poll", "long-poll", "publish") },
  { id: "no-long-polling", title: "offers polling and SSE", ...offering("poll", "sse", "publish") },
  {
    id: "read-only",
    title: "takes no publishes; messages come from elsewhere",
    options: { publishing: null },
    suite: ({ log }) => ({ driver: driverOf(log) }),
  },
  {
    id: "nothing-may-be-published",
    title: "takes no publishes, and its messages come nobody knows from where",
    options: { publishing: null },
    isPartial: true,
  },
  {
    id: "declared-channels",
    title: "knows declared channels only",
    options: { channels: (name) => name.startsWith("conformance-") },
  },
  {
    id: "channels-of-other-names",
    title: "knows declared channels only, none of which the suite names",
    options: { channels: () => false },
    isPartial: true,
  },
  { id: "no-filter", title: "does not offer the filter", options: { eventFilter: false } },
  { id: "no-keys", title: "does not offer idempotency keys", options: { publishing: { keyTtlS: null } } },
  { id: "no-removal", title: "refuses DELETE", options: { publishing: { remove: false } } },
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
    title: "tells who repeats a key that is under way to come again",
    ...oneAtATime(),
  },
  { id: "with-a-token", title: "asks for a token", options: tokenOptions(), suite: () => WITH_TOKEN },
  {
    id: "with-a-cookie",
    title: "asks for a cookie, on pages of its own origin",
    options: COOKIE_OPTIONS,
    suite: () => WITH_COOKIE,
    unmet: ["CORE-ORIGIN-1"],
  },
  {
    id: "own-origin-only",
    title: "is for pages of its own origin",
    options: { cors: null },
    unmet: ["CORE-ORIGIN-1"],
  },
  {
    id: "a-named-origin-writes",
    title: "lets the pages of one other origin write, and those of all read",
    options: { cors: { write: ["https://conformance.example"], headers: ["traceparent"] } },
  },
  {
    id: "redirects",
    title: "redirects a channel with a slash at its end",
    outer: [
      async (ctx, next) => {
        if (!ctx.path.endsWith("/")) return void (await next());
        ctx.status = 308;
        ctx.set("Location", ctx.url.replace("/?", "?").replace(/\/$/, ""));
      },
    ],
  },
];

/** Only these mechanisms. */
function offering(...names: readonly Mechanism["name"][]): Parts {
  return { mechanisms: (mechanisms) => mechanisms.filter(({ name }) => names.includes(name)) };
}

/** Publishes past the server, as the application behind it does. */
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
