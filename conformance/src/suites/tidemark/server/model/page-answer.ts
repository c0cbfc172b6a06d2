import { checkComplete } from "../../../../engine/history/order.ts";
import { shorten } from "../../../../engine/wire/excerpt.ts";
import type { Exchange } from "../../../../engine/wire/exchange.ts";
import { jsonEqual, jsonText } from "../../../../engine/wire/json.ts";
import { type Message, type Page, readPage } from "../../read/page.ts";
import type { ReadAsked, Terms } from "./asked.ts";
import type { Begin } from "./begin.ts";
import { cursorFault, gapMembersFault } from "./common-answer.ts";
import { type Fault, firstOf, unless } from "./fault.ts";
import { between, type KnownMessage, keeps, type LogState, type Version } from "./log-state.ts";

/** Whether a version of the channel explains a page. The page's `cursor` decides its range. */
export function pageFault(
  exchange: Exchange,
  asked: ReadAsked,
  begin: Begin,
  version: Version,
  log: LogState,
  terms: Terms,
): Fault | undefined {
  const page = readPage(exchange);
  if (typeof page === "string") return unless(false, "POLL-PAGE-1", "the page", "a page", page);
  const to = endOfPage(page, begin, version, log);
  if (typeof to !== "number") return to;
  const expected = between(version.epoch, begin.index, to, asked.filter);
  return firstOf([
    () => gapInBand(page, asked, begin, version, log),
    () => messagesFault(page.messages, expected, "the page", asked.filter, version, begin.index),
    () => boundsFault(page, asked, begin, version, to, terms),
    () => earlyFault(exchange, asked, page, begin, version, to),
  ]);
}

/** The place of `cursor`: after so many messages. */
function endOfPage(page: Page, begin: Begin, version: Version, log: LogState): number | Fault | undefined {
  const located = log.locate(page.cursor);
  const { epoch, count } = version;
  if (!located && page.messages.length === 0) {
    const fault = cursorFault(page.cursor, begin.index, "`cursor` of the page", "POLL-PAGE-3", version, log);
    return fault ?? begin.index;
  }
  if (located?.epoch === epoch && located.index >= begin.index && located.index <= count)
    return located.index;
  const last = page.messages.at(-1)?.cursor;
  const expected = `a position from ${begin.index} to ${count} messages`;
  const why = located
    ? located.epoch === epoch
      ? `that of ${located.index} messages`
      : "one of another epoch"
    : "a new one";
  const requirement =
    located && located.epoch !== epoch ? "CORE-CURSOR-3" : located ? "POLL-PAGE-3" : "CORE-CURSOR-2";
  return unless(
    false,
    requirement,
    "`cursor` of the page",
    expected,
    `${page.cursor}, ${why}${last === page.cursor ? ", of its last message" : ""}`,
  );
}

function gapInBand(
  page: Page,
  asked: ReadAsked,
  begin: Begin,
  version: Version,
  log: LogState,
): Fault | undefined {
  if (begin.gap.length === 0)
    return unless(page.gap === undefined, "CORE-GAP-3", "`gap` of the page", "absent", "present");
  if (page.gap === undefined) return unless(false, "CORE-GAP-4", "`gap` of the page", "the gap", undefined);
  return gapMembersFault(page.gap, "CORE-GAP-4", asked.position, begin.gap, version, log);
}

/** The messages that came are these, in order, with their own cursors and contents. */
export function messagesFault(
  got: readonly Message[],
  expected: readonly KnownMessage[],
  where: string,
  filter: string | undefined,
  { epoch }: Version,
  from: number,
): Fault | undefined {
  const ids = expected.map(({ cursor }) => cursor);
  const fault = checkComplete(
    ids,
    0,
    ids.length,
    got.map(({ cursor }) => cursor),
  );
  if (fault) {
    const place = epoch.messages.findIndex(({ cursor }) => cursor === fault.id);
    const known = epoch.messages[place];
    const requirement =
      known && !keeps(filter, known)
        ? "CORE-FILTER-1"
        : where === "the page"
          ? "POLL-PAGE-2"
          : "CORE-POSITION-1";
    const which = place === -1 ? "a message with an unknown cursor" : `message ${place + 1} of the channel`;
    const what = `the messages of ${where} from position ${from}`;
    const told = `${fault.kind}: ${which}, at place ${fault.at + 1} of ${got.length}`;
    return {
      requirement,
      ...(filter !== undefined && requirement !== "CORE-FILTER-1" ? { or: "CORE-FILTER-1" } : {}),
      what,
      expected: `${ids.length} messages, each once, in order`,
      actual: told,
    };
  }
  return contentFault(got, expected, where);
}

function contentFault(
  got: readonly Message[],
  expected: readonly KnownMessage[],
  where: string,
): Fault | undefined {
  const at = expected.findIndex((known, index) => !jsonEqual(known.data, got[index]?.data));
  if (at !== -1)
    return unless(
      false,
      "CORE-MESSAGE-1",
      `\`data\` of message ${at + 1} of ${where}`,
      shorten(jsonText(expected[at]?.data)),
      shorten(jsonText(got[at]?.data)),
    );
  const other = expected.findIndex((known, index) => known.event !== got[index]?.event);
  if (other === -1) return undefined;
  return unless(
    false,
    "CORE-MESSAGE-3",
    `the event name of message ${other + 1} of ${where}`,
    expected[other]?.event ?? "",
    got[other]?.event,
  );
}

function boundsFault(
  page: Page,
  asked: ReadAsked,
  begin: Begin,
  version: Version,
  to: number,
  { maxLimit }: Terms,
): Fault | undefined {
  const { count, closed } = version;
  const limit = Math.min(asked.limit ?? Number.POSITIVE_INFINITY, maxLimit ?? Number.POSITIVE_INFINITY);
  const more = to < count;
  const ended = closed && !more;
  return firstOf([
    () =>
      unless(
        page.messages.length <= limit,
        "POLL-PAGE-7",
        "the number of messages",
        `at most ${limit}`,
        String(page.messages.length),
      ),
    () =>
      unless(
        asked.filter !== undefined || page.messages.length > 0 || begin.index === count,
        "POLL-PAGE-6",
        "the number of messages of the page",
        "at least 1",
        "0",
      ),
    () =>
      unless(
        page.more === more,
        "POLL-PAGE-4",
        `\`more\` of a page up to message ${to} of ${count}`,
        String(more),
        String(page.more),
      ),
    () =>
      unless(
        !more || to > begin.index,
        "POLL-PAGE-5",
        "`cursor` of a page with `more`",
        "another than was asked for",
        "the same",
      ),
    () =>
      unless(
        (page.closed === true) === ended && (page.closed === undefined || page.closed === true),
        "POLL-PAGE-9",
        "`closed` of the page",
        ended ? "true" : "absent",
        String(page.closed ?? "absent"),
      ),
  ]);
}

/** The share of the wait that must have passed before an empty page. */
const HELD_SHARE = 0.9;

/** An empty page to a held request came before its time, without a reason. */
function earlyFault(
  exchange: Exchange,
  asked: ReadAsked,
  page: Page,
  begin: Begin,
  version: Version,
  to: number,
): Fault | undefined {
  const reason =
    asked.by !== "hold" ||
    page.messages.length > 0 ||
    page.gap !== undefined ||
    page.closed === true ||
    page.retryMs !== undefined ||
    (asked.filter !== undefined && page.more && to > begin.index) ||
    asked.position === undefined ||
    asked.position === "start" ||
    asked.position === "end";
  const held = (exchange.headAtMs ?? 0) / 1_000;
  if (reason) return undefined;
  if (between(version.epoch, begin.index, version.count, asked.filter).length > 0)
    return unless(false, "LP-WAIT-4", "the page of a held request", "the messages that were there", "none");
  return unless(
    held >= asked.waitS * HELD_SHARE,
    "LP-WAIT-3",
    "the time before an empty page",
    `at least ${asked.waitS * HELD_SHARE} s`,
    `${held.toFixed(1)} s`,
  );
}
