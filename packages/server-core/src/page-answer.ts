import { createHash } from "node:crypto";
import { encodePage, type Gap, isCursor, type RawPage } from "@tidemark/protocol";
import type { Answer } from "./answer.ts";
import { begin } from "./begin.ts";
import type { ChannelContext } from "./channel-context.ts";
import type { ChannelRequest } from "./channel-request.ts";

/** How polled pages may be kept and when to come again. */
export interface PollOptions {
  /** Seconds for which a page of history is fresh in a cache; 0 forbids to store any such page. @defaultValue 3600 */
  readonly maxAgeS?: number;
  /** Declares channels readable without credentials, so that shared caches may keep their pages. @defaultValue false */
  readonly isPublic?: boolean | ((channel: string) => boolean);
  /** Milliseconds after which a client is asked to come again; absent, clients take 5 000. */
  readonly retryMs?: number;
}

/** Answer a read by polling: a page at once. Spec: polling; core, "Caching". */
export async function answerPoll(
  request: ChannelRequest,
  channel: ChannelContext,
  options: PollOptions = {},
): Promise<Answer> {
  const { after = "start", events } = request.read;
  const { page, gap } = await begin(channel, request.read, after);
  if (gap || !isCursor(after)) return pageAnswer(page, { gap, retryMs: options.retryMs });
  const cacheControl = cacheControlOf(page, request.channel, options);
  if (cacheControl === "no-store") return pageAnswer(page, { retryMs: options.retryMs });
  const etag = etagOf(page, events);
  const headers = { "Cache-Control": cacheControl, ETag: etag };
  if (matches(request.headers["if-none-match"], etag)) return { status: 304, headers };
  return pageAnswer(page, { retryMs: options.retryMs, headers });
}

/** A page as an answer; without further header fields no cache may keep it. */
export function pageAnswer(
  page: RawPage,
  extra: {
    readonly gap?: Gap | undefined;
    readonly retryMs?: number | undefined;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Answer {
  const { gap, retryMs, headers } = extra;
  const plain = gap === undefined && retryMs === undefined;
  return {
    status: 200,
    headers: { "Content-Type": "application/json", ...headers },
    body: plain ? encodeOnce(page) : encodePage(page, { ...(gap && { gap }), ...retryOf(retryMs) }),
  };
}

/** A page that many requests share is encoded for all of them. */
const encoded = new WeakMap<RawPage, string>();

function encodeOnce(page: RawPage): string {
  const known = encoded.get(page);
  if (known !== undefined) return known;
  const text = encodePage(page);
  encoded.set(page, text);
  return text;
}

function retryOf(retryMs: number | undefined): { retry?: number } {
  return retryMs === undefined ? {} : { retry: Math.ceil(retryMs) };
}

function cacheControlOf(page: RawPage, channel: string, options: PollOptions): string {
  const { maxAgeS = 3_600, isPublic = false } = options;
  const scope = (typeof isPublic === "function" ? isPublic(channel) : isPublic) ? "public" : "private";
  if (!page.more) return `${scope}, no-cache`;
  return maxAgeS > 0 ? `${scope}, max-age=${maxAgeS}` : "no-store";
}

/** Weak, over all that tells one page from another; a cursor tells its epoch too. Spec: polling, POLL-ETAG-2. */
function etagOf(page: RawPage, events: readonly string[] | undefined): string {
  const { from, cursor, more, closed } = page;
  const filter = events ? [...events].sort().join() : "";
  const identity = `${from} ${cursor} ${more} ${closed} ${filter}`;
  return `W/"${createHash("sha1").update(identity).digest("base64url")}"`;
}

/** Weak comparison (RFC 9110, 13.1.2). The tags are ours: base64url, so no comma is inside one. */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const opaque = etag.slice(2);
  return ifNoneMatch.split(",").some((candidate) => {
    const tag = candidate.trim();
    return tag === "*" || tag.replace(/^W\//, "") === opaque;
  });
}
