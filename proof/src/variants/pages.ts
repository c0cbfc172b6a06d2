import { altered } from "@tidemark/server-core";
import { mechanism, paging, reading, within } from "../peer/change-answers.ts";
import { heading, leaving, problems } from "../peer/change-http.ts";
import { loggedMessages } from "../peer/change-log.ts";
import { spelling } from "../peer/spelling.ts";
import type { Variant } from "./variant.ts";

/** Length of the longest cursors. */
const LONGEST = 128;

/** Servers with unusual cursors, pages and waits. */
export const pageVariants: readonly Variant[] = [
  {
    id: "cursors-of-128-characters",
    title: "mints cursors of 128 characters",
    ...spelling({
      write: (cursor) => `${cursor}~`.padEnd(LONGEST, "x"),
      read: (text) =>
        text.length === LONGEST && /^[^~]*~x*$/.test(text) ? text.replace(/~x*$/, "") : `not.${text.length}`,
    }),
  },
  {
    id: "cursors-of-punctuation",
    title: "mints cursors that begin and end with punctuation",
    ...spelling({
      write: (cursor) => `-._~${cursor}~_.-`,
      read: (text) => (/^-\._~.*~_\.-$/.test(text) ? text.slice(4, -4) : "not.1"),
    }),
  },
  {
    id: "one-message-a-page",
    title: "answers one message per page, regardless of the limit",
    ...within(["poll", "long-poll"], () => ({ limit: 1 })),
  },
  {
    id: "one-message-a-page-under-faults",
    title: "answers one message per page, also after retention has dropped others",
    isProvoked: true,
    ...within(["poll", "long-poll"], () => ({ limit: 1 })),
  },
  {
    id: "filter-reads-one-message-at-a-time",
    title: "reads one message per filtered page, so that some pages are empty and have more",
    ...within(["poll", "long-poll"], (channel, { read }) => ({
      read: (from, options) => channel.read(from, read.events ? { maxMessages: 1 } : options),
    })),
  },
  {
    id: "long-polls-end-early",
    title: "ends long polls after nine tenths of the wait",
    ...reading(["long-poll"], ({ waitS }) => ({ waitS: waitS && Math.min(waitS, 4) * 0.91 })),
  },
  {
    id: "retry-in-pages",
    title: "sends retry in every page",
    options: { polling: { retryMs: 700 } },
  },
  {
    id: "messages-are-named",
    title: "writes event: message into messages without an event",
    ...paging((page) =>
      page.messages.every(isSmall)
        ? { ...page, messages: page.messages.map((message) => ({ event: "message", ...message })) }
        : undefined,
    ),
  },
  {
    id: "unknown-members",
    title: "adds unknown members to pages, messages and problems",
    ...problems((problem) => {
      problem["acme.trace"] = { id: 7 };
    }),
    ...paging((page) =>
      page.messages.every(isSmall) ? { "acme.page": [1], ...page, cursors: null } : undefined,
    ),
  },
  {
    id: "no-etag",
    title: "sends no entity tags",
    unmet: ["POLL-ETAG-1"],
    ...heading(() => ({ ETag: undefined })),
    ...mechanism(["poll"], ({ answer }) => ({
      answer: (request, channel) => {
        const { "if-none-match": _tag, ...headers } = request.headers;
        return answer(altered(request, { headers }), channel);
      },
    })),
  },
  {
    id: "public-pages",
    title: "lets everyone read its channels without credentials",
    options: { polling: { isPublic: true } },
  },
  {
    id: "nothing-is-stored",
    title: "lets no cache store a page",
    options: { polling: { maxAgeS: 0 } },
  },
  {
    id: "final-pages-are-immutable",
    title: "marks final pages immutable",
    ...heading((_ctx, res) => {
      const value = String(res.getHeader("cache-control"));
      return value.includes("max-age") ? { "Cache-Control": `${value}, immutable` } : {};
    }),
  },
  {
    id: "304-says-little",
    title: "reduces Tidemark in a 304 to the version",
    ...leaving((ctx) => {
      if (ctx.status === 304) ctx.set("Tidemark", "v=1");
    }),
  },
  {
    id: "store-of-parsed-values",
    title: "stores the value of data instead of its text",
    unmet: ["CORE-MESSAGE-2"],
    ...loggedMessages((message) => ({ ...message, json: message.json.replaceAll("\\/", "/") })),
  },
];

/** Whether parsing and stringifying the data in JavaScript keeps it unchanged. */
function isSmall({ data }: { readonly data: unknown }): boolean {
  return typeof data === "number" && Number.isSafeInteger(data);
}
