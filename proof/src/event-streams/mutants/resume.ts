import { type Behavior, PLAIN, type Plan, type Visit } from "../behavior.ts";
import type { Entry } from "../feed.ts";
import type { StreamMutant } from "../subject.ts";

type Change = (after: readonly Entry[], visit: Visit) => readonly Entry[];

/** What a reader that resumes gets, changed. */
function replay(change: Change): Partial<Behavior> {
  return {
    plan: (visit) => {
      const plan = PLAIN.history.plan(visit);
      return visit.lastId === undefined || "status" in plan ? plan : { entries: change(plan.entries, visit) };
    },
  };
}

/** What a reader gets that sends an id which no event has. */
function unknown(plan: (visit: Visit) => Plan): Partial<Behavior> {
  return {
    plan: (visit) => {
      const usual = PLAIN.history.plan(visit);
      return "status" in usual ? plan(visit) : usual;
    },
  };
}

/** Nothing more comes on this reader's stream. */
const isDeaf = ({ lastId, feed }: Visit): boolean => lastId !== undefined && feed.after(lastId) === undefined;

const at = ({ feed, lastId }: Visit): number => feed.entries.findIndex(({ id }) => id === lastId);

/** Servers that resume in a wrong way. */
export const RESUME: readonly StreamMutant[] = [
  {
    id: "sends-the-last-again",
    title: "begins with the event of the id instead of the one after it",
    kind: "history",
    changes: replay((_, visit) => visit.feed.entries.slice(at(visit))),
    breaks: ["ES-RESUME-6"],
  },
  {
    id: "skips-one",
    title: "leaves out the first event after the id",
    kind: "history",
    changes: replay((after) => after.slice(1)),
    breaks: ["ES-RESUME-6"],
  },
  {
    id: "sends-everything-again",
    title: "begins with the oldest event, whatever the id is",
    kind: "history",
    changes: replay((_, { feed }) => [...feed.entries]),
    breaks: ["ES-RESUME-6"],
  },
  {
    id: "continues-live",
    title: "sends ids, but ignores Last-Event-ID",
    kind: "history",
    changes: replay(() => []),
    breaks: ["ES-RESUME-6"],
  },
  {
    id: "newest-first",
    title: "sends the events after the id newest first",
    kind: "history",
    changes: replay((after) => [...after].reverse()),
    breaks: ["ES-RESUME-6"],
  },
  {
    id: "ids-compared-as-text",
    title: "compares ids as text, so that 10 comes before 9",
    kind: "history",
    changes: {
      mint: (n) => String(n),
      ...replay((_, { feed, lastId = "" }) => feed.entries.filter(({ id = "" }) => id > lastId)),
    },
    breaks: ["ES-RESUME-6"],
  },
  {
    id: "number-against-text",
    title: "compares a number with a text, so that no event is the reader's last one and all come again",
    kind: "history",
    changes: {
      mint: (n) => String(n),
      plan: ({ feed, lastId }) => ({ entries: lastId === undefined ? [] : [...feed.entries] }),
    },
    breaks: ["ES-RESUME-6"],
  },
  {
    id: "lost-before-live",
    title: "loses what is appended between the history and the live events",
    kind: "history",
    changes: { join: (_, follow) => void setTimeout(follow, 350) },
    breaks: ["ES-RESUME-6"],
  },
  {
    id: "repeated-before-live",
    title: "sends the newest events of the history again when it goes live",
    kind: "history",
    changes: {
      join: (visit, follow) => {
        if (visit.lastId !== undefined) for (const entry of visit.feed.entries.slice(-2)) visit.send(entry);
        follow();
      },
    },
    breaks: ["ES-RESUME-6"],
  },
  {
    id: "live-before-history",
    title: "sends live events before the history is complete",
    kind: "history",
    changes: {
      plan: (visit) => {
        const plan = PLAIN.history.plan(visit);
        return "status" in plan ? plan : { entries: [] };
      },
      join: (visit, follow) => {
        const missed = visit.lastId === undefined ? [] : (visit.feed.after(visit.lastId) ?? []);
        follow();
        setTimeout(() => missed.forEach(visit.send), 250);
      },
    },
    breaks: ["ES-RESUME-6"],
  },
  {
    id: "at-most-three",
    title: "sends at most three events of the history, without a word about the others",
    kind: "history",
    changes: replay((after) => after.slice(-3)),
    breaks: ["ES-RESUME-6"],
  },
  {
    id: "fails-on-an-id-of-another-form",
    title: "answers 500 if the id is no number",
    kind: "history",
    changes: {
      mint: (n) => String(n),
      outer: ({ lastId = "0", res }, next) => {
        if (/^\d+$/.test(lastId)) next();
        else res.writeHead(500, { "Content-Type": "text/plain" }).end("Internal Server Error\n");
      },
    },
    breaks: ["ES-RESUME-8"],
  },
  {
    id: "history-without-ids",
    title: "sends the events of the history without ids",
    kind: "history",
    changes: replay((after) => after.map(({ id: _, ...entry }) => entry)),
    breaks: ["ES-RESUME-6"],
  },
  {
    id: "history-with-new-ids",
    title: "gives the events of the history new ids",
    kind: "history",
    changes: replay((after, { number }) =>
      after.map((entry, n) => ({ ...entry, id: `again-${number}-${n}` })),
    ),
    breaks: ["ES-RESUME-3"],
    collateral: ["ES-RESUME-6"],
  },
  {
    id: "history-without-names",
    title: "sends the events of the history without their names",
    kind: "history",
    changes: {
      ...replay((after) => after.map(({ event: _, ...entry }) => entry)),
      live: (entry) => [{ event: "changed", ...entry }],
    },
    breaks: ["ES-RESUME-3"],
  },
  {
    id: "history-on-one-line",
    title: "joins the lines of an event in the history",
    kind: "history",
    changes: {
      data: (n) => `line one of ${n}\nline two`,
      ...replay((after) => after.map((entry) => ({ ...entry, data: entry.data.replaceAll("\n", " ") }))),
    },
    breaks: ["ES-RESUME-3"],
  },
  {
    id: "deaf-after-the-history",
    title: "sends the history after the id, and then nothing more",
    kind: "history",
    changes: { live: (entry, { lastId }) => (lastId === undefined ? [entry] : []) },
    breaks: ["ES-RESUME-6"],
  },
  {
    id: "deaf-at-the-newest",
    title: "sends nothing more to a reader that has the newest event",
    kind: "history",
    changes: newestIsDeaf(),
    breaks: ["ES-RESUME-6"],
  },
  {
    id: "deaf-after-an-unknown-id",
    title: "opens a stream for an unknown id and sends nothing on it",
    kind: "history",
    changes: {
      ...unknown(() => ({ entries: [] })),
      live: (entry, visit) => (isDeaf(visit) ? [] : [entry]),
    },
    breaks: ["ES-RESUME-8"],
  },
  {
    id: "unknown-id-continues-live",
    title: "continues with live events after an unknown id, without a word",
    kind: "history",
    changes: unknown(() => ({ entries: [] })),
    breaks: ["ES-RESUME-9"],
  },
  {
    id: "forgets-without-a-word",
    title: "keeps five events, and continues with the oldest of them for an older id",
    kind: "history",
    changes: {
      plan: (visit) => {
        const plan = PLAIN.history.plan(visit);
        return "status" in plan ? plan : { entries: plan.entries.slice(-5) };
      },
    },
    breaks: ["ES-RESUME-6"],
  },
  {
    id: "ids-return-after-a-restart",
    title: "counts from 1 again after a restart, and takes the old ids for new ones",
    kind: "history",
    changes: { mint: (n) => String(n) },
    suite: { restarts: true },
    breaks: ["ES-RESUME-11"],
  },
  {
    id: "another-runs-events",
    title: "finds an id in any run, and sends that run's events on the stream of this one",
    kind: "run",
    changes: {
      plan: (visit) => {
        const plan = PLAIN.run.plan(visit);
        if (!("status" in plan) || plan.status !== 410) return plan;
        const other = [...visit.feeds.values()].find((feed) => feed.after(visit.lastId ?? "") !== undefined);
        return other ? { entries: other.after(visit.lastId ?? "") ?? [] } : plan;
      },
    },
    suite: { promises: { isolation: "session" } },
    breaks: ["ES-RESUME-10"],
  },
  {
    id: "run-resumes-from-its-beginning",
    title: "sends a run from its beginning to a reader that resumes in its middle",
    kind: "run",
    changes: {
      plan: (visit) => {
        const plan = PLAIN.run.plan(visit);
        return "status" in plan ? plan : { entries: [...visit.feed.entries] };
      },
    },
    breaks: ["ES-RESUME-6"],
  },
  {
    id: "run-skips-what-was-made-meanwhile",
    title: "leaves out the events of a run that were made while its reader was away",
    kind: "run",
    changes: {
      plan: (visit) => {
        const plan = PLAIN.run.plan(visit);
        return "status" in plan || visit.feed.ended || visit.lastId === undefined ? plan : { entries: [] };
      },
    },
    breaks: ["ES-RESUME-6"],
  },
];

function newestIsDeaf(): Partial<Behavior> {
  const deaf = new WeakSet<Visit["res"]>();
  return {
    join: (visit, follow) => {
      if (visit.lastId !== undefined && visit.feed.after(visit.lastId)?.length === 0) deaf.add(visit.res);
      follow();
    },
    live: (entry, { res }) => (deaf.has(res) ? [] : [entry]),
  };
}
