import { type Behavior, chunk, PLAIN, type Plan, type Visit } from "../behavior.ts";
import type { StreamSubject } from "../subject.ts";

const LONG = "an id: with spaces, colons and 500 characters; ".repeat(10);

/** An id that no event has is not refused. */
function unknown(plan: (visit: Visit) => Plan): Partial<Behavior> {
  return {
    plan: (visit) => {
      const usual = PLAIN.history.plan(visit);
      return "status" in usual ? plan(visit) : usual;
    },
  };
}

/** Servers with unusual ids, histories and ends. */
export const ODD_RESUME: readonly StreamSubject[] = [
  {
    id: "ids-of-500-characters",
    title: "writes ids of 500 characters with spaces and colons",
    kind: "history",
    changes: { mint: (n, start) => `${LONG}${start}-${n}` },
  },
  {
    id: "ids-with-double-quotes",
    title: "writes ids in JSON, which browsers send to other origins only after a preflight",
    kind: "history",
    changes: { mint: (n, start) => JSON.stringify({ start, n }) },
  },
  {
    id: "ids-beyond-latin-1",
    title: "writes ids in Greek",
    kind: "history",
    changes: { mint: (n, start) => `λόγος-${start}-${n}` },
  },
  {
    id: "random-ids",
    title: "writes ids that do not sort",
    kind: "history",
    changes: { mint: (n, start) => `${(n * 7919) % 100_003}-${start}` },
  },
  {
    id: "every-second-event-has-an-id",
    title: "gives an id only to every second event; clients resume from the last one that they have",
    kind: "history",
    changes: { mint: (n, start) => (n % 2 === 0 ? undefined : `${start}-${n}`) },
  },
  {
    id: "groups-share-an-id",
    title: "writes events in groups of three that share an id, always together",
    kind: "history",
    changes: { everyMs: 300, burst: 3, mint: (n, start) => `${start}-${Math.floor((n - 1) / 3)}` },
    suite: { mayNotPublish: true },
  },
  {
    id: "id-before-the-first-event",
    title: "begins each stream with a block that has only the id of the newest event",
    kind: "history",
    changes: {
      opening: ({ feed, lastId }) => {
        const newest = feed.entries.at(-1)?.id;
        return lastId === undefined && newest !== undefined ? `id: ${newest}\n\n` : ": welcome\n\n";
      },
    },
  },
  {
    id: "gap-in-an-event",
    title: "reports an unknown id in an event, and continues with what it has",
    kind: "history",
    changes: unknown(({ feed }) => ({
      entries: [...feed.entries],
      notice: { event: "gap", data: "events were lost" },
    })),
  },
  {
    id: "old-ids-are-410",
    title: "keeps forty events, and answers an older id with 410",
    kind: "history",
    changes: {
      plan: (visit) => {
        const plan = PLAIN.history.plan(visit);
        const isOld = "entries" in plan && plan.entries.length > 40;
        return isOld ? { status: 410, text: "too old\n" } : plan;
      },
    },
  },
  {
    id: "unknown-ids-get-everything",
    title: "sends everything that it has for an unknown id",
    kind: "history",
    changes: unknown(({ feed }) => ({ entries: [...feed.entries] })),
  },
  {
    id: "begins-with-the-last-five",
    title: "sends a new reader the last five events first",
    kind: "history",
    changes: {
      plan: (visit) =>
        visit.lastId === undefined ? { entries: visit.feed.entries.slice(-5) } : PLAIN.history.plan(visit),
    },
  },
  {
    id: "greets-each-reader",
    title: "begins each stream with an event that says hello",
    kind: "live",
    changes: { opening: () => "data: hello\n\n" },
  },
  {
    id: "greets-by-name",
    title: "begins each stream with an event that has the name of the connection",
    kind: "history",
    changes: { opening: ({ number }) => `data: {"connection":${number}}\n\n` },
  },
  {
    id: "progress-is-not-kept",
    title: "gives no ids to events that report progress, and does not keep them",
    kind: "history",
    changes: {
      mint: (n, start) => (n % 2 === 0 ? undefined : `${start}-${n}`),
      frame: (entry, visit) =>
        PLAIN.history.frame({ ...(entry.id ? {} : { event: "progress" }), ...entry }, visit),
      plan: (visit) => {
        const plan = PLAIN.history.plan(visit);
        return "status" in plan ? plan : { entries: plan.entries.filter(({ id }) => id !== undefined) };
      },
    },
    suite: { mayNotPublish: true },
  },
  {
    id: "heartbeats-without-a-name",
    title: "sends heartbeats as events with the time, without an id and a name",
    kind: "history",
    changes: {
      everyMs: 400,
      beatMs: null,
      join: (visit, follow) => {
        const timer = setInterval(() => visit.write(`data: {"alive":${Date.now()}}\n\n`), 700);
        visit.res.once("close", () => clearInterval(timer));
        follow();
      },
    },
  },
  {
    id: "heartbeats-without-data",
    title: "sends heartbeats as blocks that have a name and no data",
    kind: "live",
    changes: {
      everyMs: 400,
      beatMs: null,
      join: (visit, follow) => {
        const timer = setInterval(() => visit.write("event: heartbeat\n\n"), 700);
        visit.res.once("close", () => clearInterval(timer));
        follow();
      },
    },
  },
  {
    id: "snapshot-first",
    title: "begins each stream with a snapshot that has the newest id, unless it resumes",
    kind: "history",
    changes: {
      plan: (visit) => {
        const plan = PLAIN.history.plan(visit);
        const newest = visit.feed.entries.at(-1);
        if ("status" in plan || visit.lastId !== undefined || !newest) return plan;
        return {
          entries: [{ ...newest, event: "snapshot", data: JSON.stringify(visit.feed.entries.length) }],
        };
      },
    },
  },
  {
    id: "marks-the-end-of-the-history",
    title: "sends an event with the newest id behind the events of a history",
    kind: "history",
    changes: {
      plan: (visit) => {
        const plan = PLAIN.history.plan(visit);
        if ("status" in plan || visit.lastId === undefined) return plan;
        const id = visit.feed.entries.at(-1)?.id ?? visit.lastId;
        return { entries: [...plan.entries, { id, event: "live", data: "{}" }] };
      },
    },
  },
  {
    id: "wraps-payloads",
    title: "wraps each payload in JSON",
    kind: "history",
    changes: { accept: (payload) => [{ data: JSON.stringify({ version: 1, message: payload }) }] },
  },
  {
    id: "one-event-for-each-request",
    title: "ends each stream after one event; clients resume",
    kind: "history",
    changes: streamsOf(1),
  },
  {
    id: "run-by-get",
    title: "starts a run for each GET, and sends its location",
    kind: "run",
    changes: {},
    suite: { method: "GET" },
  },
  {
    id: "run-without-ids-by-get",
    title: "starts a run without ids for each GET, and ends it with an event on which clients close",
    kind: "run",
    changes: { mint: () => undefined, plan: ({ feed }) => ({ entries: [...feed.entries] }) },
    suite: { method: "GET" },
  },
  {
    id: "streams-of-ten-events",
    title: "ends each stream after ten events; clients resume",
    kind: "history",
    changes: streamsOf(10),
  },
  {
    id: "an-event-every-8-s",
    title: "sends an event every 8 seconds",
    kind: "history",
    changes: { everyMs: 8_000, beatMs: null },
  },
  {
    id: "heartbeats-are-events",
    title: "sends heartbeats as events without an id, to each reader at another time",
    kind: "history",
    changes: {
      everyMs: 400,
      beatMs: null,
      join: (visit, follow) => {
        const timer = setInterval(() => visit.write("event: ping\ndata: {}\n\n"), 1_000);
        visit.res.once("close", () => clearInterval(timer));
        follow();
      },
    },
  },
  {
    id: "finished-run-is-an-empty-stream",
    title: "answers a reader that has the end of the run with a stream without events",
    kind: "run",
    changes: {
      plan: (visit) => {
        const plan = PLAIN.run.plan(visit);
        return "status" in plan && plan.status === 204 ? { entries: [] } : plan;
      },
    },
  },
  {
    id: "model-sends-comments",
    title: "sends comments while the model thinks",
    kind: "model",
    changes: { frame: (entry, visit) => `: PROCESSING\n\n${PLAIN.model.frame(entry, visit)}` },
  },
  {
    id: "model-sends-its-usage",
    title: "sends a frame without choices before `[DONE]`, with the number of tokens",
    kind: "model",
    changes: {
      last: () => {
        const usage = { prompt_tokens: 1, completion_tokens: 12, total_tokens: 13 };
        const frame = { ...JSON.parse(chunk({})), choices: [], usage };
        return [{ data: chunk({}, "stop") }, { data: JSON.stringify(frame) }, { data: "[DONE]" }];
      },
    },
  },
  {
    id: "model-reports-its-failure",
    title: "fails in the middle of an answer, and says so in an event",
    kind: "model",
    changes: {
      length: 5,
      last: () => [
        { data: JSON.stringify({ error: { message: "overloaded", type: "server_error", code: null } }) },
        { data: "[DONE]" },
      ],
    },
  },
];

function streamsOf(count: number): Partial<Behavior> {
  const counts = new WeakMap<Visit["res"], number>();
  return {
    frame: (entry, visit) => {
      const had = counts.get(visit.res) ?? 0;
      counts.set(visit.res, had + 1);
      if (had + 1 === count) setImmediate(() => visit.res.end());
      return had < count ? PLAIN.history.frame(entry, visit) : "";
    },
  };
}
