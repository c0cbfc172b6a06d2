import { claim, same } from "../../../engine/model/claim.ts";
import type { StreamTest } from "../context.ts";
import { firstDifference } from "../observe/difference.ts";
import { READERS, readSlowly, readWithTwelve } from "../observe/readers.ts";
import { eventsBehind } from "../observe/resumes.ts";
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
      const reads = streams.map((stream) => ({
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
        t.judge(
          "ES-LIFE-5",
          claim(fault === undefined, "one of twelve readers", "what the first got", fault ?? "the same"),
          stream.exchange,
        );
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
      const { stream, wasCut } = slow;
      t.judge(
        "ES-LIFE-3",
        claim(!wasCut, "a reader that pauses for 3 s", "a stream that goes on", "cut off"),
        stream.exchange,
      );
      const events = t.seen.feedOf(stream).filter(({ id }) => id !== undefined);
      const [first] = events;
      const behind =
        first?.id === undefined ? undefined : eventsBehind(t.seen.feedOf(t.seen.witness), first.id);
      if (!behind || t.seen.witness.withIds.length === 0) return;
      const ids = events.slice(1).map(({ id }) => id);
      const missing = behind.slice(0, ids.length).find(({ id }) => !ids.includes(id));
      const got = missing === undefined ? "all" : `all but ${JSON.stringify(missing.id)}`;
      t.judge(
        "ES-LIFE-3",
        claim(missing === undefined, "events with ids for a slow reader", "all", got),
        stream.exchange,
      );
    },
  },
];

/** How long the request after HTTP/2 may take. */
const ANSWER_MS = 5_000;
