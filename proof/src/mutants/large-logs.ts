import type { RawMessage } from "@tidemark/protocol";
import { hearing, paging, readPages } from "../peer/change-answers.ts";
import { loggedPages, placeOf } from "../peer/change-log.ts";
import type { Mutant } from "./mutant.ts";

/** Lengths of data as JSON text. */
const LARGE = 16_384;
const HUGE = 900_000;

/** Servers that go wrong only with long logs, large messages, or several pages. */
export const largeLogMutants: readonly Mutant[] = [
  {
    id: "limited-pages-repeat-a-message",
    title: "gives a page that a limit has cut the cursor of its last message but one, if it has several",
    breaks: ["POLL-PAGE-2", "POLL-PAGE-3"],
    ...paging(
      (page, { read }) =>
        page.messages.length > 1 && page.messages.length === read.limit && page.more
          ? { ...page, cursor: page.messages.at(-2)?.cursor }
          : undefined,
      ["poll"],
    ),
  },
  {
    id: "stream-replays-fifty",
    title: "replays at most 50 messages on a stream, and continues at the end",
    breaks: ["CORE-POSITION-1"],
    ...readPages(["sse"], (page) => ({ ...page, messages: page.messages.slice(0, 50) })),
  },
  {
    id: "message-1001-is-skipped",
    title: "leaves out the message after the first thousand",
    breaks: ["CORE-POSITION-1"],
    ...loggedPages((page) => ({
      ...page,
      messages: page.messages.filter(({ cursor }) => placeOf(cursor) !== 1_001),
    })),
  },
  {
    id: "large-message-is-not-sent-live",
    title: "does not send a message of more than 16 KiB on open streams",
    breaks: ["SSE-MESSAGE-2"],
    ...hearing(["sse"], (news) =>
      news.type === "page"
        ? { ...news, page: { ...news.page, messages: news.page.messages.filter(isSmall) } }
        : news,
    ),
  },
  {
    id: "large-message-ends-no-hold",
    title: "does not wake held requests with a message of more than 16 KiB",
    breaks: ["LP-WAIT-1"],
    ...hearing(["long-poll"], (news, { interrupted }) =>
      news.type === "page" && !news.page.messages.every(isSmall) ? interrupted() : news,
    ),
  },
  {
    id: "megabyte-is-cut",
    title: "cuts a message of a megabyte in pages",
    breaks: ["CORE-MESSAGE-1"],
    ...readPages(["poll", "long-poll"], (page) => ({
      ...page,
      messages: page.messages.map((message) =>
        message.json.length > HUGE ? { ...message, json: `${message.json.slice(0, LARGE)}"` } : message,
      ),
    })),
  },
];

function isSmall({ json }: RawMessage): boolean {
  return json.length <= LARGE;
}
