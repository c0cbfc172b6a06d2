import type { Exchange } from "../../../../engine/wire/exchange.ts";
import { readPage } from "../../read/page.ts";
import type { ReadAsked } from "./asked.ts";
import type { Begin } from "./begin.ts";
import { type Fault, firstOf, unless } from "./fault.ts";
import type { LogState, Tagged, Version } from "./log-state.ts";

/** The directives of `Cache-Control`, in lower case. */
function directives(exchange: Exchange): string[] {
  return (exchange.header("cache-control") ?? "")
    .toLowerCase()
    .split(",")
    .map((part) => part.trim());
}

/** `Cache-Control` of a page, as the table of core says. */
export function cacheFault(
  exchange: Exchange,
  asked: ReadAsked,
  begin: Begin,
  _log: LogState,
): Fault | undefined {
  const page = readPage(exchange);
  if (typeof page === "string") return undefined;
  return cacheControlFault(exchange, asked, begin.gap.length > 0, page.more);
}

function cacheControlFault(
  exchange: Exchange,
  { by, position }: ReadAsked,
  hasGap: boolean,
  more: boolean,
): Fault | undefined {
  const given = directives(exchange);
  const has = (name: string): boolean => given.some((directive) => directive.split("=")[0] === name);
  const fromCursor = by === "poll" && position !== undefined && position !== "start" && position !== "end";
  const shared = has("private") || has("public");
  const field = exchange.header("cache-control");
  if (!fromCursor || hasGap)
    return unless(has("no-store"), "CORE-CACHE-1", "`Cache-Control` of this page", "no-store", field);
  const fresh = shared && has("no-cache") && !has("max-age");
  if (!more)
    return unless(
      fresh,
      "CORE-CACHE-1",
      "`Cache-Control` of a page without `more`",
      "private, no-cache",
      field,
    );
  const final = fresh || has("no-store") || (shared && has("max-age") && !has("no-cache"));
  return unless(final, "CORE-CACHE-1", "`Cache-Control` of a final page", "private, max-age=N", field);
}

/** The entity tag of a page: none on a long poll, and the same only for pages that agree. */
export function tagFault(
  exchange: Exchange,
  asked: ReadAsked,
  from: number,
  version: Version,
  log: LogState,
): Fault | undefined {
  const tag = exchange.header("etag");
  const page = readPage(exchange);
  if (tag === undefined || typeof page === "string") return undefined;
  if (asked.by !== "poll")
    return unless(false, "LP-CACHE-1", "`ETag` of a page by long polling", "absent", tag);
  const known = log.tags.get(weak(tag));
  const to = log.locate(page.cursor)?.index ?? from;
  const tagged: Tagged = {
    epoch: version.epoch,
    index: from,
    to,
    more: page.more,
    closed: page.closed === true,
    filter: namesOf(asked.filter),
    limit: asked.limit,
    cache: directiveNames(exchange),
  };
  const sent = asked.match === "*" || tagsIn(asked.match).includes(weak(tag));
  if (!known) log.tags.set(weak(tag), tagged);
  log.lastTag = tag;
  return firstOf([
    () =>
      unless(
        !known || agree(known, tagged),
        "POLL-ETAG-2",
        "the `ETag` of two pages that differ",
        "different",
        tag,
      ),
    () => unless(!sent, "POLL-ETAG-3", "the answer to `If-None-Match` with the page's `ETag`", "304", "200"),
  ]);
}

/** A `304` is right if the page that it stands for has the entity tag that was sent. */
export function notModified(
  exchange: Exchange,
  asked: ReadAsked,
  from: number,
  { epoch, count, closed }: Version,
  log: LogState,
): Fault | undefined {
  const what = "the answer to `If-None-Match`";
  if (asked.match === undefined || asked.by !== "poll")
    return unless(false, "POLL-ETAG-3", what, "200 with a page", "304");
  if (asked.match === "*")
    return unless(
      exchange.header("etag") !== undefined,
      "POLL-ETAG-4",
      "`ETag` of a 304",
      "that of the page",
      undefined,
    );
  const sent = tagsIn(asked.match);
  const known = sent.map((tag) => log.tags.get(tag)).find((tag) => tag !== undefined);
  if (!known) return unless(false, "POLL-ETAG-3", what, "200 with a page", "304");
  const more = known.to < count;
  const page = {
    epoch,
    index: from,
    to: known.to,
    more,
    closed: closed && !more,
    filter: namesOf(asked.filter),
    limit: known.limit,
    cache: known.cache,
  };
  return firstOf([
    () =>
      unless(
        agree(known, page),
        "POLL-ETAG-3",
        `${what} of a page that has changed`,
        "200 with a page",
        "304",
      ),
    () =>
      unless(
        sent.includes(weak(exchange.header("etag") ?? "")),
        "POLL-ETAG-4",
        "`ETag` of a 304",
        asked.match ?? "",
        exchange.header("etag"),
      ),
    () => {
      const fault = cacheControlFault(exchange, asked, false, more);
      return fault && { ...fault, requirement: "POLL-ETAG-4" };
    },
    () =>
      unless(
        directiveNames(exchange) === known.cache,
        "POLL-ETAG-4",
        "`Cache-Control` of a 304",
        `that of the page: ${known.cache}`,
        exchange.header("cache-control"),
      ),
  ]);
}

/** The names of a filter in one order: it is the same filter in any order, and with a name repeated. */
function namesOf(filter: string | undefined): string {
  return [...new Set(filter?.split(","))].sort().join(",");
}

function agree(a: Tagged, b: Tagged): boolean {
  return (
    a.epoch === b.epoch &&
    a.index === b.index &&
    a.to === b.to &&
    a.more === b.more &&
    a.closed === b.closed &&
    a.filter === b.filter
  );
}

/** The names of the directives of `Cache-Control`, in one order. */
function directiveNames(exchange: Exchange): string {
  const names = directives(exchange).map((directive) => directive.split("=")[0]);
  return names.sort().join(", ");
}

/** The entity tags of a list, without `W/`. */
function tagsIn(match: string | undefined): readonly string[] {
  return [...(match ?? "").matchAll(/(?:W\/)?("[^"]*")/g)].map(([, tag = ""]) => tag);
}

/** `HEAD` is answered as a poll: with `304` if the page is known to have the entity tag that was sent. */
export function headMatchFault(
  exchange: Exchange,
  asked: ReadAsked,
  from: number,
  { epoch, count, closed }: Version,
  log: LogState,
): Fault | undefined {
  const newest = tagsIn(asked.match)
    .map((tag) => log.tags.get(tag))
    .find((tagged) => tagged && tagged.to === count && tagged.limit === asked.limit);
  const now = { epoch, index: from, to: count, more: false, closed, filter: namesOf(asked.filter) };
  const isKnown = newest !== undefined && agree(newest, { ...newest, ...now });
  return unless(
    !isKnown,
    "CORE-HEAD-1",
    "the answer to HEAD with the `ETag` of the page",
    "304",
    String(exchange.status),
  );
}

function weak(tag: string): string {
  return tag.replace(/^W\//, "");
}
