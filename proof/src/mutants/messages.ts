import { reading } from "../peer/change-answers.ts";
import { asking } from "../peer/change-http.ts";
import { loggedMessages } from "../peer/change-log.ts";
import { because, type Mutant } from "./mutant.ts";

/** Servers that change messages, or choose the wrong ones. */
export const messageMutants: readonly Mutant[] = [
  {
    id: "numbers-become-doubles",
    title: "reads data into doubles, so that long numbers come out as others",
    breaks: ["CORE-MESSAGE-1", "CORE-MESSAGE-2"],
    ...loggedMessages((message) => ({ ...message, json: JSON.stringify(JSON.parse(message.json)) })),
  },
  {
    id: "text-of-data-is-rewritten",
    title: "writes escapes in data otherwise than they were published",
    breaks: ["CORE-MESSAGE-2"],
    ...loggedMessages((message) => ({ ...message, json: message.json.replaceAll("\\/", "/") })),
  },
  {
    id: "event-names-are-escaped",
    title: "hands event names on percent-encoded",
    breaks: ["CORE-MESSAGE-3"],
    ...loggedMessages((message) =>
      message.event === undefined ? message : { ...message, event: encodeURIComponent(message.event) },
    ),
  },
  {
    id: "filter-is-ignored",
    title: "claims the filter, and delivers unfiltered",
    breaks: ["CORE-FILTER-1"],
    collateral: because("the tag does not know of the filter either", "POLL-ETAG-2"),
    ...reading(["poll", "long-poll", "sse"], () => ({ events: undefined })),
  },
  {
    id: "filter-knows-one-name",
    title: "keeps only the first name that a filter lists",
    breaks: ["CORE-FILTER-1"],
    ...reading(["poll", "long-poll", "sse"], ({ events }) => ({ events: events?.slice(0, 1) })),
  },
  {
    id: "unsupported-filter-is-ignored",
    title: "ignores event= where the filter is not offered",
    breaks: ["CORE-PARAM-5"],
    options: { eventFilter: false },
    ...asking((query) => query.delete("event")),
  },
];
