import { PLAIN, type Visit } from "../behavior.ts";
import type { StreamMutant } from "../subject.ts";

/** Cut the connection without an end of the response, after what was written has left. */
function cut({ res }: Visit): void {
  setTimeout(() => res.socket?.destroy(), 60);
}

const WIDE = "x".repeat(150_000);

/** Servers that treat open streams in a wrong way. */
export const LIFE: readonly StreamMutant[] = [
  {
    id: "never-a-heartbeat",
    title: "is silent as long as nothing happens",
    kind: "live",
    changes: { everyMs: null, beatMs: null },
    suite: { observeMs: "default" },
    breaks: ["ES-LIFE-1"],
  },
  {
    id: "run-ends-with-a-cut",
    title: "closes the connection at the end of a run, without the last chunk",
    kind: "run",
    changes: { finish: cut },
    breaks: ["ES-LIFE-2"],
  },
  {
    id: "model-ends-with-a-cut",
    title: "closes the connection after the model's last word, without the last chunk",
    kind: "model",
    changes: { finish: cut },
    breaks: ["ES-LIFE-2"],
  },
  {
    id: "run-without-framing",
    title: "ends a run by closing the connection, as if the client had no chunks",
    kind: "run",
    changes: {
      plan: (visit) => {
        visit.res.useChunkedEncodingByDefault = false;
        visit.res.shouldKeepAlive = false;
        return PLAIN.run.plan(visit);
      },
    },
    breaks: ["ES-LIFE-2"],
  },
  {
    id: "time-limit-of-five-seconds",
    title: "cuts every stream after five seconds, as a function with a time limit",
    kind: "live",
    changes: {
      join: (visit, follow) => {
        const timer = setTimeout(() => cut(visit), 5_000);
        visit.res.once("close", () => clearTimeout(timer));
        follow();
      },
    },
    suite: { observeMs: 7_000 },
    breaks: ["ES-LIFE-2"],
    collateral: ["ES-END-1", "ES-END-4"],
  },
  {
    id: "cuts-slow-readers",
    title: "cuts off a reader that has not taken 300 kB yet",
    kind: "history",
    changes: {
      data: (n) => JSON.stringify({ n, wide: WIDE }),
      live: (entry, visit) => {
        if (visit.res.writableLength > 300_000) cut(visit);
        return [entry];
      },
    },
    suite: { thorough: true },
    breaks: ["ES-LIFE-3"],
    collateral: ["ES-LIFE-5", "ES-RESUME-6"],
  },
  {
    id: "skips-for-slow-readers",
    title: "leaves out events for a reader that has not taken 300 kB yet",
    kind: "history",
    changes: {
      data: (n) => JSON.stringify({ n, wide: WIDE }),
      live: (entry, { res }) => (res.writableLength > 300_000 ? [] : [entry]),
    },
    suite: { thorough: true },
    breaks: ["ES-LIFE-3"],
    collateral: ["ES-RESUME-6"],
  },
  {
    id: "skips-published-for-slow-readers",
    title: "is quiet, and leaves out what is published for a reader that has not taken 300 kB yet",
    kind: "history",
    changes: {
      everyMs: 500,
      live: (entry, { res }) => (res.writableLength > 300_000 ? [] : [entry]),
    },
    suite: { thorough: true },
    breaks: ["ES-LIFE-3"],
  },
  {
    id: "new-reader-ends-the-old",
    title: "ends the stream of the last reader when another one comes",
    kind: "history",
    changes: {
      join: (visit, follow) => {
        for (const other of visit.open) if (other !== visit) other.res.end();
        follow();
      },
    },
    breaks: ["ES-LIFE-4"],
  },
  {
    id: "leaver-ends-the-others",
    title: "ends every stream when one of its readers leaves",
    kind: "history",
    changes: {
      join: (visit, follow) => {
        const { open, res } = visit;
        res.once("close", () => {
          for (const other of open) if (other !== visit) other.res.end();
        });
        follow();
      },
    },
    breaks: ["ES-LIFE-4"],
    collateral: ["ES-END-3", "ES-RESUME-6"],
  },
  {
    id: "leaver-silences-the-others",
    title: "sends nothing more to anybody who is there when a reader leaves",
    kind: "live",
    changes: leaverSilences(),
    breaks: ["ES-LIFE-4"],
  },
  {
    id: "new-reader-silences-the-old",
    title: "delivers events only to the newest reader",
    kind: "history",
    changes: { live: (entry, visit) => ([...visit.open].at(-1) === visit ? [entry] : []) },
    breaks: ["ES-LIFE-5"],
    collateral: ["ES-RESUME-6"],
  },
  {
    id: "readers-take-turns",
    title: "delivers each event to one of the readers",
    kind: "history",
    changes: {
      live: (entry, { number, open }) => {
        const turn = Number(entry.id?.split("-")[1]) % open.size;
        return [...open].at(turn)?.number === number ? [entry] : [];
      },
    },
    breaks: ["ES-LIFE-5"],
  },
  {
    id: "once-per-reader",
    title: "delivers each event as often as there are readers",
    kind: "history",
    changes: { live: (entry, { open }) => Array.from({ length: open.size }, () => entry) },
    breaks: ["ES-RESUME-2"],
    collateral: ["ES-LIFE-5", "ES-RESUME-6"],
  },
  {
    id: "ten-readers-at-most",
    title: "delivers nothing to the eleventh reader",
    kind: "history",
    changes: { live: (entry, visit) => ([...visit.open].indexOf(visit) < 10 ? [entry] : []) },
    suite: { thorough: true },
    breaks: ["ES-LIFE-5"],
  },
  {
    id: "loses-one-in-seven",
    title: "loses every seventh event, for every reader but the first",
    kind: "history",
    changes: {
      live: (entry, { number }) => (number > 1 && Number(entry.id?.split("-")[1]) % 7 === 0 ? [] : [entry]),
    },
    breaks: ["ES-LIFE-5"],
    collateral: ["ES-RESUME-6"],
  },
  {
    id: "repeats-one-in-seven",
    title: "sends every seventh event twice, to every reader but the first",
    kind: "history",
    changes: {
      live: (entry, { number }) =>
        number > 1 && Number(entry.id?.split("-")[1]) % 7 === 0 ? [entry, entry] : [entry],
    },
    breaks: ["ES-LIFE-5"],
    collateral: ["ES-RESUME-6"],
  },
  {
    id: "two-orders",
    title: "exchanges pairs of events for every reader but the first",
    kind: "history",
    changes: swapping(),
    breaks: ["ES-LIFE-5"],
    collateral: ["ES-RESUME-6"],
  },
  {
    id: "run-comes-back",
    title: "sends the whole run again to a reader that has its end",
    kind: "run",
    changes: { plan: ({ feed }) => ({ entries: [...feed.entries] }) },
    breaks: ["ES-END-3"],
    collateral: ["ES-RESUME-6"],
  },
];

function leaverSilences(): StreamMutant["changes"] {
  const silent = new WeakSet<Visit["res"]>();
  return {
    join: ({ open, res }, follow) => {
      res.once("close", () => {
        for (const other of open) silent.add(other.res);
      });
      follow();
    },
    live: (entry, { res }) => (silent.has(res) ? [] : [entry]),
  };
}

function swapping(): Pick<StreamMutant, "changes">["changes"] {
  const held = new WeakMap<Visit["res"], Parameters<(typeof PLAIN)["history"]["live"]>[0]>();
  return {
    live: (entry, { number, res }) => {
      if (number === 1) return [entry];
      const before = held.get(res);
      if (!before) {
        held.set(res, entry);
        return [];
      }
      held.delete(res);
      return [entry, before];
    },
  };
}
