import { claim, matches, same } from "../../../engine/model/claim.ts";
import type { Exchange } from "../../../engine/wire/exchange.ts";
import { headerValues, listMembers, mediaType } from "../../../engine/wire/headers.ts";
import type { StreamTest } from "../context.ts";
import { askHead, askPreflight, readCoded } from "../observe/probes.ts";
import { matchesAny } from "../vocabulary.ts";

/** How long the head and the first byte may take. */
const HEAD_MS = 1_000;
const BYTE_MS = 5_000;

/** What the network and a loaded machine may add. */
const GRACE_MS = 500;

/** Tests of the response head, and of the requests around it. */
export const openingTests: readonly StreamTest[] = [
  {
    id: "sse/opening/media-type",
    title: "The response is 200 with the media type text/event-stream",
    requirements: ["ES-OPEN-1", "ES-OPEN-2"],
    async run(t) {
      const { exchange } = t.seen.witness;
      t.judge("ES-OPEN-1", same("the status", exchange.status, 200), exchange);
      t.judge(
        "ES-OPEN-1",
        same("the media type", mediaType(exchange.headers), "text/event-stream"),
        exchange,
      );
      const field = exchange.header("content-type") ?? "";
      const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(field)?.[1] ?? "utf-8";
      t.judge("ES-OPEN-2", matches("the charset", charset, /^utf-?8$/i, "utf-8, or none"), exchange);
    },
  },
  {
    id: "sse/opening/failure",
    title: "A request that cannot be served is not answered with a 200 stream",
    requirements: ["ES-OPEN-3"],
    async run(t) {
      const { events, exchange, hasEnded } = await t.watched();
      const [first] = events;
      const { errors } = t.target.vocabulary;
      const refused = hasEnded && events.length === 1 && first !== undefined && matchesAny(errors, first);
      const what = "a stream with an error as its only event";
      t.judge("ES-OPEN-3", claim(!refused, what, "another status than 200", first?.data ?? "none"), exchange);
    },
  },
  {
    id: "sse/opening/head-without-delay",
    title: "The head comes before the first event",
    requirements: ["ES-OPEN-4"],
    async run(t) {
      const { exchange } = t.seen.witness;
      const claimed = t.promptly("the response head", exchange, [0, exchange.headAtMs], HEAD_MS + GRACE_MS);
      t.judge("ES-OPEN-4", claimed, exchange);
    },
  },
  {
    id: "sse/opening/first-byte",
    title: "A byte of the body comes within 5 seconds",
    requirements: ["ES-OPEN-5"],
    async run(t) {
      const { exchange } = t.seen.witness;
      const { headAtMs = 0 } = exchange;
      if (headAtMs > BYTE_MS) t.unseen("DEPENDENCY_FAILED", "the head itself was late (ES-OPEN-4)");
      await exchange.until(() => exchange.body.length > 0, BYTE_MS + GRACE_MS);
      const at = exchange.body[0]?.atMs;
      const ended = exchange.ending === "complete" && at === undefined;
      if (ended) t.notApplicable("the stream ended without a byte");
      const what = "the first byte after the head";
      t.judge("ES-OPEN-5", t.promptly(what, exchange, [headAtMs, at], BYTE_MS + GRACE_MS), exchange);
    },
  },
  {
    id: "sse/opening/length",
    title: "A stream has no Content-Length, or the right one",
    requirements: ["ES-OPEN-6"],
    async run(t) {
      const { exchange } = await t.watched();
      const length = exchange.header("content-length");
      const wrong = length !== undefined && exchange.ending !== "complete";
      const ignored = length !== undefined && exchange.framing === "chunked";
      const got = length === undefined ? "none" : `${length}, and the stream goes on`;
      t.judge("ES-OPEN-6", claim(!wrong && !ignored, "Content-Length", "none", got), exchange);
    },
  },
  {
    id: "sse/opening/content-coding",
    title: "A stream is coded only as the request accepts, and each event can be decoded at once",
    requirements: ["ES-OPEN-10", "ES-OPEN-11"],
    async run(t) {
      const plain = t.seen.witness.exchange;
      const uncoded = codings(plain).filter((coding) => coding !== "identity");
      t.judge(
        "ES-OPEN-10",
        claim(uncoded.length === 0, "the coding for `Accept-Encoding: identity`", "none", uncoded.join()),
        plain,
      );
      const read = t.target.settings.method === "GET" ? await readCoded(t.seen) : undefined;
      if (!read) return t.unseen("NO_DATA", "a POST is not sent again only to look at content codings");
      const { exchange } = read.stream;
      const used = codings(exchange);
      const allowed = used.every((coding) =>
        ["gzip", "x-gzip", "deflate", "br", "identity"].includes(coding),
      );
      t.judge("ES-OPEN-10", claim(allowed, "the coding", "gzip, deflate, br or none", used.join()), exchange);
      if (used.length === 0) {
        t.judge("ES-OPEN-11", claim(true, "the coding, which would need a flush", "none", "none"), exchange);
        return;
      }
      if (read.witnessed < 3) t.unseen("NEEDS_EVENTS", "too few events came while the coded stream was open");
      const decoded = t.seen.feedOf(read.stream).length;
      const got = `${decoded} events, while another reader got ${read.witnessed}`;
      t.judge(
        "ES-OPEN-11",
        claim(
          decoded >= read.witnessed - 1,
          `events decoded from ${used.join()}`,
          "as many as are sent",
          got,
        ),
        exchange,
      );
    },
  },
  {
    id: "sse/opening/head-request",
    title: "HEAD is answered at once, without content",
    requirements: ["ES-OPEN-12", "ES-OPEN-13"],
    needs: ["get"],
    async run(t) {
      const exchange = t.show(await askHead(t.seen));
      const { status, ending, faults, endedAtMs = 0 } = exchange;
      const got =
        status === undefined ? `nothing in ${Math.round(endedAtMs)} ms (${ending})` : String(status);
      t.judge("ES-OPEN-13", claim(status !== undefined, "the response to HEAD", "a head", got), exchange);
      const extra = faults.find((fault) => fault.includes("after the end"));
      if (status === undefined) t.unseen("DEPENDENCY_FAILED", "HEAD is not answered (ES-OPEN-13)");
      t.judge(
        "ES-OPEN-12",
        claim(extra === undefined, "content after the head", "none", extra ?? "none"),
        exchange,
      );
    },
  },
  {
    id: "sse/opening/caching",
    title: "The head forbids caching",
    requirements: ["ES-OPEN-14", "ES-OPEN-16"],
    async run(t) {
      const { exchange } = t.seen.witness;
      const rules = listMembers(exchange.header("cache-control"));
      const isChecked = rules.includes("max-age=0") && rules.includes("must-revalidate");
      const safe = isChecked || rules.includes("no-store") || rules.includes("no-cache");
      if (t.target.settings.method === "GET")
        t.judge("ES-OPEN-14", claim(safe, "Cache-Control", "no-store", rules.join(", ") || "none"), exchange);
      else t.judge("ES-OPEN-14", claim(true, "the response to a POST", "not cached", "not cached"), exchange);
      const got = rules.join(", ") || "none";
      t.judge(
        "ES-OPEN-16",
        claim(rules.includes("no-transform"), "Cache-Control", "no-transform", got),
        exchange,
      );
    },
  },
  {
    id: "sse/opening/buffering",
    title: "The head tells proxies not to buffer",
    requirements: ["ES-OPEN-15", "ES-OPEN-17"],
    async run(t) {
      const { exchange } = t.seen.witness;
      const accel = exchange.header("x-accel-buffering")?.toLowerCase();
      const incremental = exchange.header("incremental");
      const asks = accel === "no" || /^\?1(?:;|$)/.test(incremental ?? "");
      const got = `X-Accel-Buffering: ${accel ?? "none"}, Incremental: ${incremental ?? "none"}`;
      t.judge(
        "ES-OPEN-15",
        claim(asks, "the head", "X-Accel-Buffering: no, or Incremental: ?1", got),
        exchange,
      );
      t.judge("ES-OPEN-17", matches("Incremental", incremental, /^\?1(?:;.*)?$/, "?1"), exchange);
    },
  },
  {
    id: "sse/opening/preflight",
    title: "A client of another origin can send Last-Event-ID",
    requirements: ["ES-OPEN-18"],
    needs: ["get"],
    async run(t) {
      const exchange = await askPreflight(t.seen);
      if (!exchange) return t.notApplicable("the stream allows no other origin");
      if (t.seen.witness.withIds.length === 0) t.notApplicable("the events have no ids");
      const { status = 0 } = t.show(exchange);
      const fields = listMembers(exchange.header("access-control-allow-headers"));
      const ok = status >= 200 && status <= 299 && (fields.includes("last-event-id") || fields.includes("*"));
      const got = `${status || "no answer"}, Access-Control-Allow-Headers: ${fields.join(", ") || "none"}`;
      t.judge("ES-OPEN-18", claim(ok, "the preflight", "2xx that allows last-event-id", got), exchange);
    },
  },
];

function codings({ headers }: Exchange): string[] {
  return headerValues(headers, "content-encoding").flatMap((value) => listMembers(value));
}
