import { reading } from "../peer/change-answers.ts";
import { asking } from "../peer/change-http.ts";
import { loggedMessages } from "../peer/change-log.ts";
import { because, type Mutant } from "./mutant.ts";

/** Servers that change messages, or filter them wrongly. */
export const messageMutants: readonly Mutant[] = [
  {
    id: "numbers-become-doubles",
    title: "parses data into doubles, which changes long numbers",
    breaks: ["CORE-MESSAGE-1", "CORE-MESSAGE-2"],
    ...loggedMessages((message) => ({ ...message, json: JSON.stringify(JSON.parse(message.json)) })),
  },
  {
    id: "text-of-data-is-rewritten",
    title: "rewrites the escapes in the published data",
    breaks: ["CORE-MESSAGE-2"],
    ...loggedMessages((message) => ({ ...message, json: message.json.replaceAll("\\/", "/") })),
  },
  {
    id: "event-names-are-escaped",
    title: "delivers event names percent-encoded",
    breaks: ["CORE-MESSAGE-3"],
    ...loggedMessages((message) =>
      message.event === undefined ? message : { ...message, event: encodeURIComponent(message.event) },
    ),
  },
  {
    id: "filter-is-ignored",
    title: "claims the filter but delivers unfiltered messages",
    breaks: ["CORE-FILTER-1"],
    collateral: because("the entity tag does not depend on the filter either", "POLL-ETAG-2"),
    ...reading(["poll", "long-poll", "sse"], () => ({ events: undefined })),
  },
  {
    id: "filter-knows-one-name",
    title: "applies only the first name in a filter",
    breaks: ["CORE-FILTER-1"],
    ...reading(["poll", "long-poll", "sse"], ({ events }) => ({ events: events?.slice(0, 1) })),
  },
  {
    id: "unsupported-filter-is-ignored",
    title: "ignores event= although it does not offer the filter",
    breaks: ["CORE-PARAM-5"],
    options: { eventFilter: false },
    ...asking((query) => query.delete("event")),
  },
];
