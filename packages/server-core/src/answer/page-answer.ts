import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { encodePage, type Gap, isCursor, type RawPage } from "@tidemark/protocol";
import type { Encoded } from "../caches/byte-cache.ts";
import type { ChannelContext } from "../request/channel-context.ts";
import type { ChannelRequest } from "../request/channel-request.ts";
import type { Answer } from "./answer.ts";
import { begin } from "./begin.ts";

/** How polled pages may be cached, and when clients poll again. */
export interface PollOptions {
  /**
   * Seconds for which a page of history is fresh in a cache; 0 forbids caches to store it. With `authorize`, and for
   * requests with `Authorization` or `Cookie`, each use is revalidated instead, unless `isPublic`. @defaultValue 3600
   */
  readonly maxAgeS?: number;
  /** Declares that channels are readable without credentials, so that any cache may keep their pages. @defaultValue false */
  readonly isPublic?: boolean | ((channel: string) => boolean);
  /** Milliseconds after which a client is to poll again; if absent, clients use 5 000. */
  readonly retryMs?: number;
}

/** Answer a read by polling: with a page, at once. Spec: polling; core, "Caching". */
export async function answerPoll(
  request: ChannelRequest,
  channel: ChannelContext,
  options: PollOptions = {},
): Promise<Answer> {
  const { after = "start", events } = request.read;
  const { page, gap } = await begin(channel, request.read, after);
  const { retryMs } = options;
  if (gap || !isCursor(after)) return pageAnswer(page, channel, { gap, retryMs });
  const cacheControl = cacheControlOf(page, request, channel, options);
  if (cacheControl === "no-store") return pageAnswer(page, channel, { retryMs });
  const etag = etagOf(page, events);
  // A function of the application may return something else next time, so its answers are not reused.
  const lasting = typeof options.isPublic === "function" ? undefined : { etag };
  if (matches(request.headers["if-none-match"], etag))
    return { status: 304, headers: { "Cache-Control": cacheControl, ETag: etag }, ...lasting };
  const headers = { "Content-Type": "application/json", "Cache-Control": cacheControl, ETag: etag };
  return { ...pageAnswer(page, channel, { retryMs, headers, etag }), ...lasting };
}

const JSON_HEADERS = { "Content-Type": "application/json" } as const;

/** A page as an answer. Without `headers`, no cache may keep it. */
export function pageAnswer(
  page: RawPage,
  channel: Pick<ChannelContext, "encoded">,
  extra: {
    readonly gap?: Gap | undefined;
    readonly retryMs?: number | undefined;
    readonly headers?: Readonly<Record<string, string>>;
    /** The page's tag, if known: the key under which its encoding is cached. */
    readonly etag?: string;
  } = {},
): Answer {
  const { gap, retryMs, headers = JSON_HEADERS, etag } = extra;
  if (gap !== undefined || retryMs !== undefined)
    return {
      status: 200,
      headers,
      body: encodePage(page, { ...(gap && { gap }), ...retryOf(retryMs) }),
      messages: page.messages.length,
    };
  const make = (): Encoded => encode(encodePage(page));
  const { body, length } =
    etag === undefined ? encodeOnce(page, make) : channel.encoded(`${etag} ${page.messages.length}`, make);
  return { status: 200, headers, body, length, messages: page.messages.length };
}

/** A body up to this length is sent as text, in one piece with its head; a longer one as bytes, encoded once. */
const MAX_TEXT = 16 * 1024;

function encode(text: string): Encoded {
  if (text.length > MAX_TEXT) {
    const body = Buffer.from(text);
    return { body, length: body.length };
  }
  return { body: text, length: Buffer.byteLength(text) };
}

/** Encodings of pages. A page that many requests share (those that it wakes, for example) is encoded once. */
const encoded = new WeakMap<RawPage, Encoded>();

function encodeOnce(page: RawPage, make: () => Encoded): Encoded {
  const known = encoded.get(page) ?? make();
  encoded.set(page, known);
  return known;
}

function retryOf(retryMs: number | undefined): { retry?: number } {
  return retryMs === undefined ? {} : { retry: Math.ceil(retryMs) };
}

function cacheControlOf(
  page: RawPage,
  request: ChannelRequest,
  { takesCredentials }: ChannelContext,
  options: PollOptions,
): string {
  const { maxAgeS = 3_600, isPublic = false } = options;
  const isOpen = typeof isPublic === "function" ? isPublic(request.channel) : isPublic;
  const scope = isOpen ? "public" : "private";
  if (!page.more) return `${scope}, no-cache`;
  if (maxAgeS === 0) return "no-store";
  // The next user of a browser has its cache, but not the rights of the previous user. Spec: core, CORE-CACHE-4.
  const isForSome = !isOpen && (takesCredentials || hasCredentials(request.headers));
  return isForSome ? "private, no-cache" : `${scope}, max-age=${maxAgeS}`;
}

/** Whether a proxy in front of the server may have authorized this request by its credentials. */
export function hasCredentials({ authorization, cookie }: ChannelRequest["headers"]): boolean {
  return authorization !== undefined || cookie !== undefined;
}

/**
 * A weak tag over everything that distinguishes one page from another; a cursor includes its epoch. The separators
 * cannot occur in a cursor, so no two pages have the same tag. Spec: polling, POLL-ETAG-2.
 */
function etagOf(page: RawPage, events: readonly string[] | undefined): string {
  const { from, cursor, more, closed } = page;
  const filter = events ? `/${digestOf([...events].sort().join())}` : "";
  const begin = from === cursor ? "" : `${from}/`;
  return `W/"${begin}${cursor}${more ? "+" : ""}${closed ? "!" : ""}${filter}"`;
}

/** Shortens a filter, which can be long. */
function digestOf(text: string): string {
  return createHash("sha1").update(text).digest("base64url");
}

/** Weak comparison (RFC 9110, 13.1.2). Our own tags contain no comma, so splitting at commas is safe. */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch === etag) return true;
  const opaque = etag.slice(2);
  return ifNoneMatch.split(",").some((candidate) => {
    const tag = candidate.trim();
    return tag === "*" || tag.replace(/^W\//, "") === opaque;
  });
}
