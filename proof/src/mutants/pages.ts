import { answering, paging, readPages, within } from "../peer/change-answers.ts";
import { because, type Mutant } from "./mutant.ts";

/** Messages whose data is longer than this, in characters of JSON, do not fit into a page. */
const SMALL = 65_536;

/** Servers that send wrong pages. */
export const pageMutants: readonly Mutant[] = [
  {
    id: "page-is-typed-as-text",
    title: "sends pages as text/plain",
    breaks: ["POLL-PAGE-1"],
    collateral: because("the test recognizes JSON by the media type", "CORE-CHOICE-1"),
    ...answering(["poll"], (answer) =>
      answer.status === 200
        ? { ...answer, headers: { ...answer.headers, "Content-Type": "text/plain" } }
        : answer,
    ),
  },
  {
    id: "page-leaves-one-out",
    title: "omits the last message of a full page, but moves the cursor past it",
    breaks: ["POLL-PAGE-2"],
    collateral: because("the cursor is not that of the last message in the page", "POLL-PAGE-3"),
    ...readPages(["poll"], (page, { read }) =>
      page.messages.length > 1 && page.messages.length === read.limit
        ? { ...page, messages: page.messages.slice(0, -1) }
        : page,
    ),
  },
  {
    id: "page-answers-its-first-cursor",
    title: "gives a page the cursor of its first message instead of its last",
    breaks: ["POLL-PAGE-3"],
    collateral: because("the next page repeats messages", "POLL-PAGE-2", "CORE-POSITION-1"),
    ...readPages(["poll"], (page) => ({ ...page, cursor: page.messages[0]?.cursor ?? page.cursor })),
  },
  {
    id: "empty-page-rewinds",
    title: "gives an empty page the cursor of the start",
    breaks: ["POLL-PAGE-3"],
    ...readPages(["poll"], async (page, { read }, channel) => {
      if (page.messages.length > 0 || page.from !== read.after) return page;
      const { from } = await channel.read("start", { maxMessages: 1 });
      return { ...page, cursor: from };
    }),
  },
  {
    id: "empty-page-drops-the-cursor",
    title: "sends an empty page without a cursor",
    breaks: ["POLL-PAGE-10", "POLL-PAGE-1"],
    collateral: because("the test polls an empty channel and expects a valid page", "CORE-CLAIM-3"),
    ...paging(({ cursor: _cursor, ...page }) => (page.messages.length > 0 ? undefined : page), ["poll"]),
  },
  {
    id: "more-is-always-false",
    title: "never reports that there is more",
    breaks: ["POLL-PAGE-4"],
    collateral: because("a reader stops after the first page", "POLL-PAGE-2"),
    ...readPages(["poll"], (page) => ({ ...page, more: false })),
  },
  {
    id: "more-when-the-page-is-full",
    title: "reports more whenever a page is exactly full",
    breaks: ["POLL-PAGE-4"],
    ...readPages(["poll"], (page, { read }) => ({
      ...page,
      more: page.more || page.messages.length === read.limit,
    })),
  },
  {
    id: "page-with-more-stays-where-it-was",
    title: "gives a page with more: true the cursor of the request",
    breaks: ["POLL-PAGE-5"],
    collateral: because("a reader gets the same page again", "POLL-PAGE-2", "POLL-PAGE-3", "CORE-POSITION-1"),
    ...readPages(["poll"], (page) => (page.more ? { ...page, cursor: page.from } : page)),
  },
  {
    id: "large-message-fits-no-page",
    title: "ends a page before a large message, even if the page is then empty",
    breaks: ["POLL-PAGE-6"],
    collateral: because("the message is not delivered by polling at all", "CORE-MESSAGE-1"),
    ...readPages(["poll"], (page) => {
      const large = page.messages.findIndex(({ json }) => json.length > SMALL);
      if (large === -1) return page;
      const messages = page.messages.slice(0, large);
      return { ...page, messages, cursor: messages.at(-1)?.cursor ?? page.from, more: true, closed: false };
    }),
  },
  {
    id: "limit-is-ignored",
    title: "fills pages regardless of the limit",
    breaks: ["POLL-PAGE-7"],
    ...within(["poll"], () => ({ limit: 100 })),
  },
  {
    id: "closed-is-never-told",
    title: "never reports in a page that the channel is closed",
    breaks: ["POLL-PAGE-9"],
    ...readPages(["poll"], (page) => ({ ...page, closed: false })),
  },
  {
    id: "closed-before-the-end",
    title: "reports closed in every page of a closed channel",
    breaks: ["POLL-PAGE-9"],
    ...readPages(["poll"], async (page, _request, channel) => {
      const { closed } = await channel.read("end", { maxMessages: 1 });
      return { ...page, closed };
    }),
  },
  {
    id: "closed-is-false",
    title: "writes closed: false into the pages of an open channel",
    breaks: ["POLL-PAGE-1", "POLL-PAGE-9"],
    collateral: because("the test recognizes an open channel by the absence of closed", "PUB-REMOVE-3"),
    ...paging(
      (page) => (page.messages.length > 0 || "closed" in page ? undefined : { ...page, closed: false }),
      ["poll"],
    ),
  },
];
