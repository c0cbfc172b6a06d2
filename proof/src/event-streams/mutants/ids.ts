import { randomBytes } from "node:crypto";
import { PLAIN, type Plan, type Visit } from "../behavior.ts";
import type { StreamMutant } from "../subject.ts";

const counts = new WeakMap<Visit["res"], number>();

/** How many events this response has had, this one included. */
function count({ res }: Visit): number {
  const next = (counts.get(res) ?? 0) + 1;
  counts.set(res, next);
  return next;
}

/** Servers whose ids are wrong. */
export const IDS: readonly StreamMutant[] = [
  {
    id: "counts-for-each-connection",
    title: "counts the events of each connection from 0",
    kind: "history",
    changes: {
      frame: (entry, visit) => PLAIN.history.frame({ ...entry, id: String(count(visit) - 1) }, visit),
      plan: () => ({ entries: [] }),
    },
    breaks: ["ES-RESUME-3"],
  },
  {
    id: "random-for-each-reader",
    title: "makes a new random id each time that it sends an event",
    kind: "history",
    changes: {
      frame: (entry, visit) => PLAIN.history.frame({ ...entry, id: randomBytes(6).toString("hex") }, visit),
      plan: () => ({ entries: [] }),
    },
    breaks: ["ES-RESUME-3"],
  },
  {
    id: "time-as-id",
    title: "takes the time in seconds as the id, which events of one second share",
    kind: "history",
    changes: { mint: () => String(Math.floor(Date.now() / 1_000)) },
    breaks: ["ES-RESUME-2"],
  },
  {
    id: "milliseconds-as-id",
    title: "takes the time in milliseconds as the id, which events of a burst share",
    kind: "history",
    changes: { mint: () => String(Date.now()) },
    breaks: ["ES-RESUME-2"],
  },
  {
    id: "milliseconds-and-random",
    title: "sorts the history by ids of the time and a random part, which shuffles a burst",
    kind: "history",
    changes: {
      mint: () => `${Date.now()}_${randomBytes(4).toString("hex")}`,
      plan: ({ feed, lastId }) => {
        if (lastId === undefined) return { entries: [] };
        if (feed.after(lastId) === undefined) return { status: 410, text: "no event has this id\n" };
        const sorted = [...feed.entries].sort((a, b) => ((a.id ?? "") < (b.id ?? "") ? -1 : 1));
        return { entries: sorted.filter(({ id = "" }) => id > lastId) };
      },
    },
    breaks: ["ES-RESUME-6"],
  },
  {
    id: "same-id-twice",
    title: "gives every tenth event the id of the first",
    kind: "history",
    changes: { mint: (n, start) => `${start}-${n % 10 === 0 ? 1 : n}` },
    breaks: ["ES-RESUME-2"],
  },
  {
    id: "ids-with-controls",
    title: "writes ids with a control character, which no header field may contain",
    kind: "history",
    changes: { mint: (n, start) => `${start}\u0007${n}` },
    breaks: ["ES-RESUME-4"],
  },
  {
    id: "ids-in-greek",
    title: "writes ids beyond Latin-1, and reads them back as something else",
    kind: "history",
    changes: {
      mint: (n, start) => `λ${start}-${n}`,
      plan: (visit) => orLive(PLAIN.history.plan({ ...visit, lastId: mangled(visit.lastId) })),
    },
    breaks: ["ES-RESUME-6"],
    collateral: ["ES-RESUME-9"],
  },
  {
    id: "ids-lose-their-plus",
    title: "writes ids with `+`, and reads `+` as a space",
    kind: "history",
    changes: {
      mint: (n, start) => `${start}+${n}`,
      plan: (visit) => orLive(PLAIN.history.plan({ ...visit, lastId: visit.lastId?.replaceAll("+", " ") })),
    },
    breaks: ["ES-RESUME-6"],
    collateral: ["ES-RESUME-9"],
  },
  {
    id: "ids-between-spaces",
    title: "writes ids that end with a space, which header fields lose",
    kind: "history",
    changes: { mint: (n, start) => `${start}-${n} ` },
    breaks: ["ES-RESUME-4"],
  },
  {
    id: "id-comes-one-late",
    title: "writes each event with the id of the next one",
    kind: "history",
    changes: {
      frame: (entry, visit) => {
        const [start, n] = entry.id?.split("-") ?? [];
        return PLAIN.history.frame({ ...entry, id: `${start}-${Number(n) + 1}` }, visit);
      },
    },
    breaks: ["ES-RESUME-6"],
  },
  {
    id: "id-before-the-first-event-is-unknown",
    title: "begins the stream with an id that it does not accept",
    kind: "history",
    changes: { opening: () => "id: beginning\ndata: hello\n\n" },
    breaks: ["ES-RESUME-6"],
  },
  {
    id: "every-event-twice",
    title: "writes each event twice",
    kind: "history",
    changes: { frame: (entry, visit) => PLAIN.history.frame(entry, visit).repeat(2) },
    breaks: ["ES-RESUME-2"],
    collateral: ["ES-FRAME-3", "ES-LIFE-5"],
  },
];

/** UTF-8 bytes, read as Latin-1 and written as UTF-8 again. */
function mangled(id: string | undefined): string | undefined {
  return id === undefined ? undefined : Buffer.from(id).toString("latin1");
}

/** What a server does that takes an id it does not find for none. */
function orLive(plan: Plan): Plan {
  return "status" in plan ? { entries: [] } : plan;
}
