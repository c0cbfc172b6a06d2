import { PLAIN } from "./behavior.ts";
import { counted, type PlainMutant } from "./mutant.ts";

/** Servers whose positions are wrong, and that lose messages while nothing comes. */
export const positionMutants: readonly PlainMutant[] = [
  {
    id: "positions-die-after-three-messages",
    title: "refuses a position after which three messages have come",
    breaks: ["DL-POS-1"],
    collateral: [
      "DL-POS-2",
      "DL-POS-3",
      "DL-POS-4",
      "DL-WAIT-1",
      "DL-WAIT-4",
      "DL-POS-6",
      "DL-POS-7",
      "DL-READ-4",
    ],
    changes: {
      place(feed, position, kind) {
        const place = PLAIN.place(feed, position, kind);
        const isOld = position !== "" && place !== undefined && (feed.log.at(-1)?.n ?? 0) - place > 2;
        return kind === "stream" && isOld ? undefined : place;
      },
    },
  },
  {
    id: "resume-is-inclusive",
    title: "resumes a stream with the message of the position",
    breaks: ["DL-POS-2"],
    collateral: ["DL-POS-3", "DL-POS-4", "DL-POS-6", "DL-POS-7", "DL-WAIT-1", "DL-WAIT-4"],
    changes: {
      place(feed, position, kind) {
        const place = PLAIN.place(feed, position, kind);
        return kind === "stream" && position !== "" && place ? place - 1 : place;
      },
    },
  },
  {
    id: "id-comes-before-its-message",
    title: "sends the id of a message in a block of its own, before the message",
    breaks: ["DL-POS-3"],
    collateral: ["DL-POS-2", "DL-WAIT-1", "DL-WAIT-4"],
    changes: {
      frame(feed, message) {
        const [, ...lines] = PLAIN.frame.call(this, feed, message).split("\n");
        return `id: ${PLAIN.position(feed, message.n)}\n\n${lines.join("\n")}`;
      },
    },
  },
  {
    id: "messages-are-destroyed-when-read",
    title: "drops what it has sent in a page",
    breaks: ["DL-POS-4"],
    collateral: ["DL-READ-1", "DL-POS-1", "DL-POS-2", "DL-POS-3", "DL-POS-5", "DL-ORDER-3", "DL-END-2"],
    changes: {
      since(feed, place, kind) {
        const all = PLAIN.since(feed, place, kind);
        const times = place > feed.dropped && all.length > 2 ? counted(feed, `from ${place}`) : 1;
        return kind === "page" && times > 1 ? all.slice(1) : all;
      },
    },
  },
  {
    id: "history-and-live-overlap",
    title: "repeats the last message of the history when a stream goes live",
    breaks: ["DL-POS-5"],
    collateral: ["DL-POS-3", "DL-ORDER-3"],
    changes: {
      hello(feed, place) {
        const first = feed.log.find(({ n }) => n > 4 && place === feed.dropped);
        return PLAIN.hello.call(this, feed, place) + (first ? PLAIN.frame.call(this, feed, first) : "");
      },
    },
  },
  {
    id: "streams-count-differently",
    title: "takes the position of a page for one place earlier on a stream",
    breaks: ["DL-POS-6"],
    changes: {
      position(feed, n) {
        return `${feed.name}-${n}`;
      },
      frame(feed, message) {
        return PLAIN.frame.call(this, feed, message).replace(/^id: (.*)$/m, "id: $1.0");
      },
      hello(feed, place) {
        return PLAIN.hello.call(this, feed, place).replace(/^id: (.*)$/m, "id: $1.0");
      },
      place(feed, position, kind) {
        const place = PLAIN.place(feed, position.replace(/\.0$/, ""), kind);
        return kind === "stream" && place && !position.endsWith(".0") ? place - 1 : place;
      },
    },
  },
  {
    id: "restart-shifts-positions",
    title: "numbers its messages from one again after a restart that loses the first",
    breaks: ["DL-POS-7"],
    changes: {
      restart(feed) {
        const [, ...rest] = feed.log.splice(0);
        feed.log.push(...rest.map((message, index) => ({ ...message, n: index + 1 })));
      },
    },
  },
  {
    id: "reads-after-a-pause-begin-at-the-end",
    title: "begins at the newest message when a reader comes back to its last position",
    breaks: ["DL-WAIT-1"],
    collateral: ["DL-POS-2", "DL-POS-4", "DL-POS-6", "DL-POS-7", "DL-WAIT-4", "DL-POS-3"],
    changes: {
      place(feed, position, kind) {
        const place = PLAIN.place(feed, position, kind);
        const end = feed.log.at(-1)?.n ?? 0;
        return kind === "stream" && position !== "" && place === end - 1 ? end : place;
      },
    },
  },
  {
    id: "held-readers-sleep",
    title: "does not wake held requests when a message comes",
    breaks: ["DL-WAIT-2"],
    collateral: ["DL-WAIT-3"],
    changes: {
      holdMs: 2_200,
      notify(feed) {
        for (const reader of [...feed.waiting]) if (reader.kind === "stream") reader.wake();
      },
    },
  },
  {
    id: "holds-last-too-long",
    title: "holds a request three times as long as it says",
    breaks: ["DL-WAIT-3"],
    changes: { holdMs: 3_500 },
  },
  {
    id: "empty-pages-skip-one",
    title: "gives an empty page the position after the message that will come next",
    breaks: ["DL-WAIT-4"],
    collateral: ["DL-READ-1", "DL-POS-1", "DL-POS-2", "DL-WAIT-1", "DL-WAIT-3"],
    changes: {
      page(feed, messages, place) {
        const page = PLAIN.page.call(this, feed, messages, place);
        const isIdle = messages.length === 0 && place > 0 && counted(feed, `idle at ${place}`) === 15;
        return isIdle ? { ...page, next: PLAIN.position(feed, place + 1) } : page;
      },
      place(feed, position, kind) {
        const n = Number(position.replace(`${feed.name}-`, ""));
        const end = feed.log.at(-1)?.n ?? feed.dropped;
        return n === end + 1 ? n : PLAIN.place(feed, position, kind);
      },
    },
  },
];
