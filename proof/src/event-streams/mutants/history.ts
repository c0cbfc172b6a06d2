import { type Behavior, PLAIN, type Visit } from "../behavior.ts";
import type { Entry } from "../feed.ts";
import type { StreamMutant } from "../subject.ts";

/** The number in an id of the plain server. */
const numberOf = ({ id = "" }: Entry): number => Number(/\d+$/.exec(id)?.[0] ?? 0);

/** What a reader that resumes gets, changed. */
function replay(change: (after: readonly Entry[]) => readonly Entry[]): Partial<Behavior> {
  return {
    plan: (visit) => {
      const plan = PLAIN.history.plan(visit);
      return visit.lastId === undefined || "status" in plan ? plan : { entries: change(plan.entries) };
    },
  };
}

const burst = new WeakMap<Visit["res"], number>();

/** Whether a reader got another event in the same few milliseconds. */
function isBurst({ res }: Visit): boolean {
  const before = burst.get(res) ?? 0;
  burst.set(res, Date.now());
  return Date.now() - before < 5;
}

/** Servers whose history differs from what other readers got. */
export const HISTORY: readonly StreamMutant[] = [
  {
    id: "history-of-all-topics",
    title: "resumes with the events of all topics, of which other readers get one",
    kind: "history",
    changes: { live: (entry) => (numberOf(entry) % 2 === 0 ? [] : [entry]) },
    suite: { mayNotPublish: true },
    breaks: ["ES-RESUME-6"],
  },
  {
    id: "twice-after-resuming",
    title: "subscribes a reader that resumes twice, so that it gets each new event twice",
    kind: "history",
    changes: { live: (entry, { lastId }) => (lastId === undefined ? [entry] : [entry, entry]) },
    breaks: ["ES-RESUME-6"],
  },
  {
    id: "history-without-those-without-ids",
    title: "gives an id to every third event, and keeps only those",
    kind: "history",
    changes: {
      mint: (n, start) => (n % 3 === 0 ? `${start}-${n}` : undefined),
      ...replay((after) => after.filter(({ id }) => id !== undefined)),
    },
    breaks: ["ES-RESUME-6"],
  },
  {
    id: "exchanges-within-a-group",
    title: "sends the events of a group that shares an id in another order when a reader resumes",
    kind: "history",
    changes: {
      everyMs: 300,
      burst: 3,
      mint: (n, start) => `${start}-${Math.floor((n - 1) / 3)}`,
      ...replay((after) =>
        after.map(
          (entry, at) => (at % 3 === 1 ? after[at + 1] : at % 3 === 2 ? after[at - 1] : entry) ?? entry,
        ),
      ),
    },
    suite: { mayNotPublish: true },
    breaks: ["ES-RESUME-6"],
  },
  {
    id: "loses-while-it-joins",
    title: "loses what is published in the 60 ms after the history was sent",
    kind: "history",
    changes: { everyMs: null, join: (_, follow) => void setTimeout(follow, 60) },
    breaks: ["ES-RESUME-6"],
  },
  {
    id: "drops-bursts-for-the-second",
    title: "drops events of a burst for every reader but the first, whose queue has one place",
    kind: "live",
    changes: {
      everyMs: null,
      live: (entry, visit) => ([...visit.open][0] !== visit && isBurst(visit) ? [] : [entry]),
    },
    breaks: ["ES-LIFE-5"],
  },
  {
    id: "decodes-in-pieces",
    title: "decodes the payload in pieces of 1 KiB, which breaks the characters between them",
    kind: "live",
    changes: { accept: (payload) => [{ data: inPieces(Buffer.from(payload)) }] },
    breaks: ["ES-FRAME-4"],
  },
];

function inPieces(bytes: Buffer): string {
  const count = Math.ceil(bytes.length / 1_024);
  return Array.from({ length: count }, (_, n) => bytes.subarray(n * 1_024, (n + 1) * 1_024).toString()).join(
    "",
  );
}
