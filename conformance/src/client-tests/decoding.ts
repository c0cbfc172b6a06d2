import { stream } from "../client/answers.ts";
import { closedBlock, openBlock } from "../client/block-text.ts";
import type { ClientTestDefinition } from "../client/client-definition.ts";
import { FRAGMENTATIONS } from "../client/fragment.ts";
import { shown } from "../client/reading.ts";
import { claim, sameList } from "../model/claim.ts";
import { concat, utf8 } from "../wire/bytes.ts";
import { nthRequest, positionOf, untilHanded, untilOver } from "./following.ts";

/** Bytes of a stream behind its first block, and what a reader by the algorithm makes of them. */
interface DecodingCase {
  readonly name: string;
  readonly title: string;
  readonly bytes: string | Uint8Array;
  /** The messages that it dispatches: event name and data. */
  readonly messages: readonly (readonly [event: string | undefined, data: unknown])[];
  /** The position at its end. */
  readonly position: string;
  /** Replaces the usual first block. */
  readonly first?: string;
}

/** Ten megabytes, as one event of a stream. */
const BIG = "0123456789".repeat(1_000_000);

/** Each has an edge of the algorithm in it; every case runs under every fragmentation. */
export const DECODING_CASES: readonly DecodingCase[] = [
  {
    name: "lf",
    title: "lines that end with LF",
    bytes: 'data: 1\nid: A1\n\nevent: x\ndata: {"a":"é€😀"}\nid: A2\n\n',
    messages: [
      [undefined, 1],
      ["x", { a: "é€😀" }],
    ],
    position: "A2",
  },
  {
    name: "crlf",
    title: "lines that end with CRLF, in the first block too",
    first: 'retry: 10\r\nevent: $open\r\ndata: {"heartbeat":15}\r\nid: S-0\r\n\r\n',
    bytes: 'data: 1\r\nid: A1\r\n\r\ndata: "zwei"\r\nid: A2\r\n\r\n',
    messages: [
      [undefined, 1],
      [undefined, "zwei"],
    ],
    position: "A2",
  },
  {
    name: "cr",
    title: "lines that end with CR",
    first: 'retry: 10\revent: $open\rdata: {"heartbeat":15}\rid: S-0\r\r',
    bytes: "data: 1\rid: A1\r\rdata: 2\rid: A2\r\r",
    messages: [
      [undefined, 1],
      [undefined, 2],
    ],
    position: "A2",
  },
  {
    name: "mixed-line-ends",
    title: "line ends of all kinds mixed",
    bytes: "data: 1\rid: A1\n\r\ndata: 2\r\nid: A2\r\r\n",
    messages: [
      [undefined, 1],
      [undefined, 2],
    ],
    position: "A2",
  },
  {
    name: "byte-order-mark",
    title: "one byte order mark at the beginning, dropped",
    first: '\ufeffretry: 10\nevent: $open\ndata: {"heartbeat":15}\nid: S-0\n\n',
    bytes: 'data: "\ufeff"\nid: A1\n\n',
    messages: [[undefined, "\ufeff"]],
    position: "A1",
  },
  {
    name: "comments",
    title: "comments anywhere",
    bytes: ":\n: data: 9\n\n:x\ndata: 1\n:id: X9\nid: A1\n: y\n\n:\n\n",
    messages: [[undefined, 1]],
    position: "A1",
  },
  {
    name: "unknown-fields",
    title: "fields that nobody knows, and names in other case",
    bytes: "data: 1\nData: 7\nfoo\nbar: baz\nid: A1\n id: X9\nIDs: X9\n\n",
    messages: [[undefined, 1]],
    position: "A1",
  },
  {
    name: "data-in-lines",
    title: "data in several lines, joined by LF",
    bytes: "data: [1,\ndata: 2\ndata:,3]\nid: A1\n\n",
    messages: [[undefined, [1, 2, 3]]],
    position: "A1",
  },
  {
    name: "spaces",
    title: "one space after the colon or none, and no more taken away",
    bytes: 'data:1\nid:A1\n\ndata: "a  b"\nevent:y\nid: A2\n\n',
    messages: [
      [undefined, 1],
      ["y", "a  b"],
    ],
    position: "A2",
  },
  {
    name: "nul-in-id",
    title: "an id with NUL in it, ignored",
    bytes: "data: 1\nid: A1\n\ndata: 2\nid: A2\nid: A\0X\n\n",
    messages: [
      [undefined, 1],
      [undefined, 2],
    ],
    position: "A2",
  },
  {
    name: "empty-id",
    title: "an id that is empty, which takes the one before it away",
    bytes: "data: 1\nid: A1\n\ndata: 2\nid: X9\nid\nid: A2\n\nevent: $news\ndata: {}\nid:\nid: A3\n\n",
    messages: [
      [undefined, 1],
      [undefined, 2],
    ],
    position: "A3",
  },
  {
    name: "id-of-a-bookmark",
    title: "a block without data, which moves the position and empties the event name",
    bytes: "data: 1\nid: A1\n\nevent: lost\nid: A2\n\ndata: 3\nid: A3\n\nid: A4\n\n",
    messages: [
      [undefined, 1],
      [undefined, 3],
    ],
    position: "A4",
  },
  {
    name: "empty-lines",
    title: "empty lines where no block is, and an empty event name",
    bytes: "\n\n\ndata: 1\nevent:\nid: A1\n\n\n\n\n",
    messages: [[undefined, 1]],
    position: "A1",
  },
  {
    name: "repeated-fields",
    title: "the last of repeated event and id fields",
    bytes: "event: no\nid: X9\nevent: yes\ndata: 1\nid: A1\n\n",
    messages: [["yes", 1]],
    position: "A1",
  },
  {
    name: "retry-forms",
    title: "retry with anything but digits, ignored",
    // Whoever takes one of them for a time does not come back while the test waits.
    bytes: [
      ...["60000s", "+60000", "-1", "6e4", "60000 ", " 60000", "60000.0", "0x60000", "٦٠٠٠٠"].map(
        (form) => `retry: ${form}\n\n`,
      ),
      "retry:\n\nretry\n\ndata: 1\nid: A1\n\n",
    ].join(""),
    messages: [[undefined, 1]],
    position: "A1",
  },
  {
    name: "malformed-utf8",
    title: "malformed UTF-8 as U+FFFD",
    bytes: concat([utf8('data: "a'), Uint8Array.of(0xff, 0xe2, 0x82), utf8('b"\nid: A1\n\n')]),
    messages: [[undefined, "a\ufffd\ufffdb"]],
    position: "A1",
  },
];

/** What follows the stream: the end, so that what the client hands on is complete. */
const ended = stream(openBlock("E-1") + closedBlock("E-1"));

/** How a client decodes a stream, whatever the splits of its bytes. */
export const decodingTests: readonly ClientTestDefinition[] = [
  ...DECODING_CASES.map(
    (one): ClientTestDefinition => ({
      id: `client/sse/decodes-${one.name}`,
      title: `The client decodes ${one.title}, in all splits`,
      requirements: ["SSE-CLIENT-2"],
      needs: ["sse"],
      async run(t) {
        const bytes = typeof one.bytes === "string" ? utf8(one.bytes) : one.bytes;
        const whole = concat([utf8(one.first ?? openBlock("S-0")), bytes]);
        const runs = FRAGMENTATIONS.map((how) => {
          const first = stream(whole, { how, random: t.random });
          const channel = t.channel({
            script: (_, number) => (number === 1 ? first : ended),
          });
          return { how, channel, reading: t.open(channel, "sse") };
        });
        const wanted = one.messages.map(([event, data]) => shown(event, data));
        for (const { how, channel, reading } of runs) {
          const next = await nthRequest(t, channel, 2, reading);
          await untilOver(t, reading);
          t.need(claim(channel.requests.length > 0, "requests", "at least one", channel.requests.length));
          t.check(
            "SSE-CLIENT-2",
            sameList(`messages handed on (split: ${how})`, reading.handed, wanted),
            channel.requests[0],
          );
          t.check(
            "SSE-CLIENT-2",
            positionOf(`the request after them (split: ${how})`, next, one.position, reading),
            next,
          );
        }
      },
    }),
  ),
  {
    id: "client/sse/dispatches-at-a-cr",
    title: "A CR at the end of what has arrived ends its line at once",
    requirements: ["SSE-CLIENT-2"],
    needs: ["sse"],
    async run(t) {
      const first = stream(`${openBlock("S-0")}data: 1\rid: A1\r\r`, { ending: "open" });
      const channel = t.channel({ script: (_, number) => (number === 1 ? first : undefined) });
      const reading = t.open(channel, "sse");
      await untilHanded(t, reading, 1);
      t.need(claim(channel.requests.length > 0, "requests", "at least one", channel.requests.length));
      const wanted = [shown(undefined, 1)];
      t.check("SSE-CLIENT-2", sameList("messages handed on while the stream waits", reading.handed, wanted));
    },
  },
  {
    id: "client/sse/decodes-a-large-event",
    title: "An event of ten megabytes is handed on",
    requirements: ["SSE-CLIENT-2"],
    needs: ["sse"],
    async run(t) {
      const first = stream(`${openBlock("S-0")}data: "${BIG}"\nid: A1\n\n`, { how: "whole" });
      const channel = t.channel({
        script: (_, number) => (number === 1 ? first : ended),
      });
      const reading = t.open(channel, "sse");
      await untilOver(t, reading);
      t.need(claim(channel.requests.length > 0, "requests", "at least one", channel.requests.length));
      const [data] = reading.messages.map((message) => message.data);
      t.check(
        "SSE-CLIENT-2",
        claim(data === BIG, "the data", `${BIG.length} characters`, `${data}`.slice(0, 40)),
      );
    },
  },
];
