import { type Claim, claim, same } from "../../../engine/model/claim.ts";
import type { StreamContext, StreamTest } from "../context.ts";
import { firstDifference } from "../observe/difference.ts";
import { READERS, readWithTwelve } from "../observe/readers.ts";
import { eventsBehind } from "../observe/resumes.ts";
import { FELT_BYTES, readSlowly } from "../observe/slow-reader.ts";
import type { Stream } from "../observe/stream.ts";
import { askByHttp2, askByHttp10 } from "../observe/versions.ts";

/** Tests that open many streams, or ask in ways that a server may not expect. */
export const thoroughTests: readonly StreamTest[] = [
  {
    id: "sse/opening/http-1.0",
    title: "A client that speaks HTTP/1.0 gets no chunked coding",
    requirements: ["ES-OPEN-7"],
    needs: ["thorough", "get"],
    async run(t) {
      const exchange = t.show(await askByHttp10(t.seen));
      if (exchange.status === undefined) t.unseen("NO_DATA", "a request by HTTP/1.0 is not answered");
      const coding = exchange.header("transfer-encoding");
      t.judge("ES-OPEN-7", same("Transfer-Encoding by HTTP/1.0", coding, undefined), exchange);
    },
  },
  {
    id: "sse/opening/http-2",
    title: "A stream by HTTP/2 has no field of a connection, and the server still serves afterwards",
    requirements: ["ES-OPEN-8", "ES-OPEN-9"],
    needs: ["thorough", "get"],
    exclusive: true,
    async run(t) {
      const answer = await askByHttp2(t.seen);
      t.show(t.seen.witness.exchange);
      const again = t.seen.open();
      if (again) {
        await again.until(() => again.exchange.status !== undefined, ANSWER_MS);
        const { status, failure } = again.exchange;
        again.exchange.abort();
        const got = status === undefined ? `no answer (${failure ?? "none in time"})` : String(status);
        t.judge(
          "ES-OPEN-9",
          claim(status !== undefined, "the next request, by HTTP/1.1", "an answer", got),
          again.exchange,
        );
      }
      if (!answer.spoken)
        t.notApplicable(`the server does not speak HTTP/2: ${answer.failure ?? "no answer"}`);
      const malformed = /PROTOCOL_ERROR|INVALID_CONNECTION/.test(answer.failure ?? "");
      if (answer.status === undefined && !malformed)
        t.unseen("NO_DATA", `the request by HTTP/2 was not answered: ${answer.failure ?? "no response"}`);
      const got = malformed
        ? `a head that HTTP/2 forbids (${answer.failure?.trim()})`
        : answer.forbidden.join(", ") || "none";
      const held = !malformed && answer.forbidden.length === 0;
      t.judge(
        "ES-OPEN-8",
        claim(held, "fields of a connection by HTTP/2", "none", got),
        t.seen.witness.exchange,
      );
    },
  },
  {
    id: "sse/life/twelve-readers",
    title: `${READERS} readers at once each get every event`,
    requirements: ["ES-LIFE-4", "ES-LIFE-5"],
    needs: ["thorough", "get"],
    async run(t) {
      const streams = await readWithTwelve(t.seen);
      t.show(t.seen.witness.exchange);
      const { witness } = t.seen;
      const got = witness.hasEnded ? "it ended" : "it goes on";
      t.judge(
        "ES-LIFE-4",
        claim(!witness.hasEnded, "the first stream beside twelve others", "it goes on", got),
        witness.exchange,
      );
      const ours = t.seen.feedOf(witness).map(({ data }) => data);
      const refused = streams.filter(({ exchange: { status = 0 } }) => status >= 400);
      if (refused.length > 0)
        t.note(`${refused.length} of ${READERS} readers got ${refused[0]?.exchange.status}: a limit`);
      const served = streams.filter((stream) => !refused.includes(stream));
      const reads = served.map((stream) => ({
        stream,
        events: t.seen.feedOf(stream).map(({ data }) => data),
      }));
      const most = Math.max(0, ...reads.map(({ events }) => events.length));
      if (most < 2) t.unseen("NEEDS_EVENTS", "too few events came while twelve readers were open");
      for (const { stream, events } of reads) {
        const fault =
          events.length === 0
            ? `nothing (${stream.exchange.status ?? "no answer"})`
            : firstDifference(ours, events);
        if (fault === "apart") t.notApplicable("each reader gets events of its own");
        const got = fault ?? "the same";
        const same = claim(fault === undefined, "one of twelve readers", "what the first got", got);
        const timed = events.length === 0 && t.hasLagged;
        t.judge("ES-LIFE-5", { ...same, timed }, stream.exchange);
      }
    },
  },
  {
    id: "sse/life/slow-reader",
    title: "A slow but steady reader is kept, and gets every event with an id",
    requirements: ["ES-LIFE-3"],
    needs: ["thorough", "get"],
    async run(t) {
      const slow = await readSlowly(t.seen);
      if (!slow) return t.unseen("NEEDS_RESUME_URL", "nobody says where to request this stream again");
      const { stream, wasCut, mostBytes } = slow;
      const came = `${(mostBytes / 1_000).toFixed(0)} kB`;
      const cut = `cut off after a pause in which ${came} came`;
      const what = "a reader that does not read for some seconds";
      const claims = [claim(!wasCut, what, "a stream that goes on", cut), ...missingFor(t, stream)];
      if (mostBytes < FELT_BYTES && claims.every(({ ok }) => ok)) {
        const how = t.target.driver ? "the server takes no more large messages" : "pass --publish";
        const code = t.target.driver ? "NEEDS_EVENTS" : "NEEDS_PUBLISH";
        t.unseen(code, `${came} came while a reader paused, and buffers hide that: ${how}`);
      }
      for (const one of claims) t.judge("ES-LIFE-3", one, stream.exchange);
    },
  },
];

/** Whether a slow reader got every event with an id between others; nothing if the events have no ids. */
function missingFor(t: StreamContext, stream: Stream): readonly Claim[] {
  const events = t.seen.feedOf(stream).filter(({ id }) => id !== undefined);
  const [first] = events;
  const ours = t.seen.feedOf(t.seen.witness);
  const behind = first?.id === undefined ? undefined : eventsBehind(ours, first.id);
  if (!behind || t.seen.witness.withIds.length === 0) return [];
  const ids = new Set(events.slice(1).map(({ id }) => id));
  const missing = behind.slice(0, ids.size).find(({ id }) => !ids.has(id));
  const got = missing === undefined ? "all" : `all but ${JSON.stringify(missing.id)}`;
  return [claim(missing === undefined, "events with ids for a slow reader", "all", got)];
}

/** How long the request after HTTP/2 may take. */
const ANSWER_MS = 5_000;
