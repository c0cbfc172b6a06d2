import { claim, sameList } from "../../../../engine/model/claim.ts";
import { utf8 } from "../../../../engine/wire/bytes.ts";
import { type Answer, stream, tidemarkHeaders } from "../answers.ts";
import { block, heartbeatBlock, messageBlock, messageBlocks, openBlock } from "../block-text.ts";
import type { ClientTestDefinition } from "../client-definition.ts";
import { BEGINNING } from "../scripted-channel.ts";
import { numbered } from "../scripted-log.ts";
import {
  bookmark,
  ended,
  meet,
  nthRequest,
  positionOf,
  received,
  recoverAll,
  recovers,
  shownAll,
  untilHanded,
  untilOver,
} from "./following.ts";
import { twoParts } from "./two-parts.ts";

/** Last blocks of a stream, with the position of the client after each. */
const LAST_BLOCKS: Readonly<Record<string, { readonly text: string; readonly position: string }>> = {
  "a message": { text: "", position: "M-2" },
  "a bookmark": { text: bookmark("B-1"), position: "B-1" },
  "a heartbeat": { text: heartbeatBlock("H-1"), position: "H-1" },
  "an unknown $ event": {
    text: block({ event: "$news", data: '{"messages":[1]}', id: "N-1" }),
    position: "N-1",
  },
  "a block without an id": { text: block({ event: "$heartbeat", data: "{}" }), position: "M-2" },
};

/** What a client accepts as a stream, and how it reads the blocks. */
export const streamTests: readonly ClientTestDefinition[] = [
  {
    id: "client/sse/takes-only-streams",
    title: "The client treats an answer that is not a 200 with text/event-stream as a network failure",
    requirements: ["SSE-CLIENT-1", "CLI-RETRY-1"],
    needs: ["sse"],
    async run(t) {
      const lies = numbered(2, "LIE", 90);
      // The stream begins at the client's position, so that only the status or the media type speaks against it.
      const lie = openBlock("M-2") + messageBlocks(lies);
      const faults = Object.entries(noStreams(lie)).map(([name, fault]) => ({
        name,
        faulty: meet(t, "sse", fault),
      }));
      for (const { name, faulty } of faults) {
        const { channel, reading, messages } = faulty;
        await nthRequest(t, channel, 3, reading);
        t.control(
          sameList("messages before the fault", reading.handed.slice(0, 2), shownAll(messages.slice(0, 2))),
        );
        const believed = reading.handed.filter((message) => shownAll(lies).includes(message));
        const found = sameList(`messages delivered from ${name}`, believed, []);
        if (t.check("SSE-CLIENT-1", found, channel.requests[1]))
          await recovers(t, "CLI-RETRY-1", name, faulty);
      }
    },
  },
  {
    id: "client/sse/takes-media-types-in-any-form",
    title: "The client accepts the media type of a stream with parameters and in any case",
    requirements: ["SSE-CLIENT-1"],
    needs: ["sse"],
    async run(t) {
      const messages = numbered(2);
      for (const contentType of [
        "text/event-stream; charset=utf-8",
        "Text/Event-Stream",
        "text/event-stream;x=y",
      ]) {
        const channel = t.channel({ messages, closed: true, style: { contentType } });
        const reading = t.open(channel, "sse");
        await untilHanded(t, reading, messages.length);
        t.need(claim(channel.requests.length > 0, "requests", "at least one", channel.requests.length));
        received(t, "SSE-CLIENT-1", reading, messages);
      }
    },
  },
  ...(["clean", "cut"] as const).map(
    (ending): ClientTestDefinition => ({
      id: `client/sse/drops-an-unfinished-block-${ending}`,
      title: `If the stream ${ending === "cut" ? "is cut" : "ends"} inside a block, at any byte, the client drops the block and its id`,
      requirements: ["SSE-CLIENT-3"],
      needs: ["sse"],
      async run(t) {
        const messages = numbered(2);
        const [first = { cursor: "", json: "" }, second = first] = messages;
        const head = openBlock(BEGINNING) + messageBlock(first);
        // The order of a careless server: the id comes before the data.
        const last = utf8(`event: early\nid: ${second.cursor}\ndata: ${second.json}\n`);
        const runs = Array.from({ length: last.length }, (_, index) => {
          const isDue = (): boolean => reading.messages.length > 0 || reading.hasEnded;
          const answer = twoParts(t, { head, isDue, rest: last.subarray(0, index + 1), ending });
          const channel = t.channel({
            messages,
            closed: true,
            script: (_, n) => (n === 1 ? answer : undefined),
          });
          const reading = t.open(channel, "sse");
          return { bytes: index + 1, channel, reading };
        });
        for (const { bytes, channel, reading } of runs) {
          const next = await nthRequest(t, channel, 2, reading);
          t.need(claim(channel.requests.length > 0, "requests", "at least one", channel.requests.length));
          const position = positionOf(
            `the request after ${bytes} bytes of a block`,
            next,
            first.cursor,
            reading,
          );
          const isGood = t.check("SSE-CLIENT-3", position, next);
          await untilHanded(t, reading, messages.length);
          // One failure is enough: waiting for a client that hangs at every byte would take too long.
          if (!received(t, "SSE-CLIENT-3", reading, messages) || !isGood) return;
        }
      },
    }),
  ),
  {
    id: "client/sse/resumes-from-the-position",
    title: "The client resumes from the last id, whether of a message, a $ event or a bookmark",
    requirements: ["SSE-CLIENT-4", "SSE-CLIENT-5", "SSE-CLIENT-6"],
    needs: ["sse"],
    async run(t) {
      const messages = numbered(2);
      const blocks = messageBlocks(messages);
      const runs = Object.entries(LAST_BLOCKS).map(([name, { text, position }]) => {
        const answer = stream(openBlock(BEGINNING) + blocks + text);
        const channel = t.channel({
          script: (_, n) => (n === 1 ? answer : ended),
        });
        return { name, position, channel, reading: t.open(channel, "sse") };
      });
      for (const { name, position, channel, reading } of runs) {
        const next = await nthRequest(t, channel, 2, reading);
        await untilOver(t, reading);
        t.need(claim(channel.requests.length > 0, "requests", "at least one", channel.requests.length));
        const found = positionOf(`the request after ${name}`, next, position, reading);
        t.check("SSE-CLIENT-4", found, next);
        if (name.includes("unknown")) t.check("SSE-CLIENT-6", found, next);
        if (name.includes("unknown")) received(t, "SSE-CLIENT-6", reading, messages);
        if (/heartbeat|without an id/.test(name)) received(t, "SSE-CLIENT-5", reading, messages);
      }
    },
  },
  {
    id: "client/sse/resumes-from-open",
    title: "After a stream that brought only its first block, the client resumes from the id of that block",
    requirements: ["SSE-CLIENT-4"],
    needs: ["sse"],
    async run(t) {
      const channel = t.channel({
        script: (_, n) => (n === 1 ? stream(openBlock("O-1")) : ended),
      });
      const reading = t.open(channel, "sse");
      const next = await nthRequest(t, channel, 2, reading);
      t.need(claim(channel.requests.length > 0, "requests", "at least one", channel.requests.length));
      t.check("SSE-CLIENT-4", positionOf("the request after $open", next, "O-1", reading), next);
    },
  },
  {
    id: "client/sse/broken-messages-are-failures",
    title:
      "The client treats a message whose data is not JSON, or whose position is not a cursor, as a network failure",
    requirements: ["SSE-CLIENT-11"],
    needs: ["sse"],
    async run(t) {
      const broken: Readonly<Record<string, string>> = {
        "data that is not JSON": "data: {no\nid: M-3\n\n",
        "empty data": "data:\nid: M-3\n\n",
        "a position in lower case": "data: 3\nid: latest\n\n",
        "a position with a space": "data: 3\nid: M 3\n\n",
        "an id that a later empty id cleared": "id: M-3\ndata: 3\nid:\n\n",
        "an id that a later id without a colon cleared": "id: M-3\ndata: 3\nid\n\n",
      };
      const faults = Object.entries(broken).map(([name, text]) => {
        const fault = stream(`${openBlock("M-2")}${text}`, { ending: "open" });
        return { name, faulty: meet(t, "sse", fault) };
      });
      await recoverAll(t, "SSE-CLIENT-11", faults);
    },
  },
];

/** Answers that look like a stream but are not one. */
function noStreams(lie: string): Readonly<Record<string, Answer>> {
  return {
    "text/html": stream(lie, { contentType: "text/html" }),
    "text/event-stream-x": stream(lie, { contentType: "text/event-stream-x" }),
    "status 201": stream(lie, { status: 201 }),
    "status 206": stream(lie, { status: 206 }),
    "no media type": (reply) => {
      reply.begin(200, tidemarkHeaders());
      reply.chunk(utf8(lie));
      reply.end();
    },
  };
}
