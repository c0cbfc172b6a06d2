import { setTimeout as sleep } from "node:timers/promises";
import { isCursor, parseReadRequest } from "@tidemark/protocol";
import { COOKIE_OPTIONS, tokenOptions, WITH_COOKIE, WITH_TOKEN } from "../peer/access.ts";
import { arriving, leaving } from "../peer/change-http.ts";
import { because, type Mutant } from "./mutant.ts";

/** Servers that admit requests they have to refuse, or reveal too much when they refuse. */
export const accessMutants: readonly Mutant[] = [
  {
    id: "cursor-opens-the-channel",
    title: "admits anyone who knows a cursor",
    breaks: ["CORE-CURSOR-5", "CORE-SECURITY-7"],
    options: tokenOptions(({ query }) => isCursor(query.get("after") ?? "")),
    suite: () => WITH_TOKEN,
  },
  {
    id: "resumption-is-not-checked",
    title: "does not authorize a request that resumes a stream",
    breaks: ["CORE-SECURITY-1"],
    options: tokenOptions(({ headers }) => headers["last-event-id"] !== undefined),
    suite: () => WITH_TOKEN,
  },
  {
    id: "everybody-may-publish",
    title: "requires credentials for reading only",
    breaks: ["CORE-SECURITY-1"],
    options: tokenOptions(({ method }) => method === "POST" || method === "DELETE"),
    suite: () => WITH_TOKEN,
  },
  {
    id: "parameters-are-checked-first",
    title: "reports malformed parameters to a stranger before it asks for credentials",
    breaks: ["CORE-SECURITY-7"],
    options: tokenOptions(({ query }) => {
      parseReadRequest(query, {}, { event: true });
      return false;
    }),
    suite: () => WITH_TOKEN,
  },
  {
    id: "any-origin-may-publish-with-a-cookie",
    title: "accepts a publish with the user's cookie from a page of any origin",
    breaks: ["PUB-ORIGIN-1", "PUB-ORIGIN-2"],
    collateral: because("only pages of one origin may read its channels", "CORE-ORIGIN-1"),
    options: COOKIE_OPTIONS,
    suite: () => WITH_COOKIE,
    ...arriving((ctx) => {
      delete ctx.req.headers.origin;
    }),
  },
  {
    id: "pages-of-every-site-may-publish",
    title: "accepts a publish, a close and a removal from the pages of any site",
    breaks: ["PUB-ORIGIN-2"],
    options: { cors: { write: "*" } },
  },
  {
    id: "wait-at-an-undeclared-channel-is-held",
    title: "knows only declared channels, and holds a wait on any other before it refuses it",
    breaks: ["CORE-CHANNEL-3"],
    options: { channels: () => false },
    ...leaving(async (ctx) => {
      if (ctx.status === 404) await sleep(Math.min(Number(ctx.query.wait ?? 0), 8) * 1_000);
    }),
  },
  {
    id: "undeclared-channel-is-forbidden",
    title: "knows only declared channels, and answers 410 for any other",
    breaks: ["CORE-CHANNEL-3"],
    options: { channels: () => false },
    ...leaving((ctx) => {
      if (ctx.status === 404 && ctx.query.stream) ctx.status = 410;
    }),
  },
];
