import { altered, type ChannelContext } from "@tidemark/server-core";
import { mechanism } from "../peer/change-answers.ts";
import { heading, leaving } from "../peer/change-http.ts";
import type { Mutant } from "./mutant.ts";

/** Servers that handle entity tags wrongly. */
export const validatorMutants: readonly Mutant[] = [
  {
    id: "etag-is-strong",
    title: "sends strong entity tags",
    breaks: ["POLL-ETAG-1"],
    ...heading((_ctx, res) => {
      const etag = res.getHeader("etag");
      return etag === undefined ? {} : { ETag: String(etag).replace(/^W\//, "") };
    }),
  },
  {
    id: "etag-unchanged-on-close",
    title: "keeps the entity tag of the last page when the channel closes",
    breaks: ["POLL-ETAG-2"],
    ...mechanism(["poll"], ({ answer }) => ({
      answer: async (request, channel) => {
        const answered = await answer(request, channel);
        const open = await answer(
          request,
          altered(channel, { read: opened((from, options) => channel.read(from, options)) }),
        );
        const { ETag: etag } = open.headers;
        return etag === undefined || answered.headers.ETag === undefined || open.status === 304
          ? open.status === 304
            ? open
            : answered
          : { ...answered, headers: { ...answered.headers, ETag: etag } };
      },
    })),
  },
  {
    id: "if-none-match-is-ignored",
    title: "never answers 304",
    breaks: ["POLL-ETAG-3"],
    mechanisms: (mechanisms) =>
      mechanisms.map((mechanism) => ({
        ...mechanism,
        answer: (request, channel) => {
          const { "if-none-match": _tag, ...headers } = request.headers;
          return mechanism.answer(altered(request, { headers }), channel);
        },
      })),
  },
  {
    id: "304-without-its-fields",
    title: "sends 304 without ETag",
    breaks: ["POLL-ETAG-4"],
    ...heading((ctx) => (ctx.status === 304 ? { ETag: undefined } : {})),
  },
  {
    id: "304-for-any-tag",
    title: "treats every If-None-Match as a match",
    breaks: ["POLL-ETAG-3"],
    ...leaving((ctx) => {
      if (ctx.get("If-None-Match") !== "" && ctx.status === 200 && ctx.response.get("ETag") !== "")
        ctx.status = 304;
    }),
  },
];

type Read = ChannelContext["read"];

/** The same read, which reports the channel as open. */
function opened(read: Read): Read {
  return async (from, options) => ({ ...(await read(from, options)), closed: false });
}
