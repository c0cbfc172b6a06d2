import { concat, utf8 } from "../../../../engine/wire/bytes.ts";

/** Bytes of a stream after its first block, and what the specified algorithm decodes from them. */
export interface DecodingCase {
  readonly name: string;
  readonly title: string;
  readonly bytes: string | Uint8Array;
  /** The dispatched messages: event name and data. */
  readonly messages: readonly (readonly [event: string | undefined, data: unknown])[];
  /** The position at the end of the stream. */
  readonly position: string;
  /** Replaces the usual first block. */
  readonly first?: string;
}

/** Edge cases of the algorithm; each runs with every fragmentation. */
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
    name: "no-line-ends",
    title: "only CR and LF as line ends, and no other line separator of Unicode",
    bytes:
      ': \u000bdata: 9\u000cdata: 9\u0085data: 9\u2028data: 9\u2029id: X9\ndata: "a\u0085b\u2028c\u2029d"\nid: A1\n\n',
    messages: [[undefined, "a\u0085b\u2028c\u2029d"]],
    position: "A1",
  },
  {
    name: "byte-order-mark",
    title: "a byte order mark, dropped at the beginning and kept elsewhere",
    // A client that keeps it delivers the first block, because it does not recognize the first field's name.
    first: '\ufeffevent: $open\ndata: {"heartbeat":15}\nretry: 10\nid: S-0\n\n',
    bytes: 'data: "\ufeff"\n\ufeffid: X9\nid: A1\n\ufeffdata: 9\n\n',
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
    title: "unknown fields, and field names in another case",
    bytes: "data: 1\nData: 7\nfoo\nbar: baz\nid: A1\n id: X9\nIDs: X9\n\n",
    messages: [[undefined, 1]],
    position: "A1",
  },
  {
    name: "data-in-lines",
    title: "data in several lines, joined by LF",
    bytes: "data: [1,\ndata: 2\ndata\ndata:,3]\nid: A1\n\n",
    messages: [[undefined, [1, 2, 3]]],
    position: "A1",
  },
  {
    name: "spaces",
    title: "fields with or without a space after the colon, and removes no more than one",
    bytes: 'data:1\nid:A1\n\ndata: "a  b"\nevent:y\nid: A2\n\n',
    messages: [
      [undefined, 1],
      ["y", "a  b"],
    ],
    position: "A2",
  },
  {
    name: "nul-in-id",
    title: "an id that contains NUL, which is ignored",
    bytes: "data: 1\nid: A1\n\ndata: 2\nid: A2\nid: A\0X\n\n",
    messages: [
      [undefined, 1],
      [undefined, 2],
    ],
    position: "A2",
  },
  {
    name: "empty-id",
    title: "an empty id, with or without a colon, before the id that counts",
    bytes: "data: 1\nid: A1\n\ndata: 2\nid: X9\nid\nid: A2\n\nevent: $news\ndata: {}\nid:\nid: A3\n\n",
    messages: [
      [undefined, 1],
      [undefined, 2],
    ],
    position: "A3",
  },
  {
    name: "id-of-a-bookmark",
    title: "a block without data, which moves the position and resets the event name",
    bytes: "data: 1\nid: A1\n\nevent: lost\nid: A2\n\ndata: 3\nid: A3\n\nid: A4\n\n",
    messages: [
      [undefined, 1],
      [undefined, 3],
    ],
    position: "A4",
  },
  {
    name: "empty-lines",
    title: "empty lines between blocks, and an empty event name",
    bytes: "\n\n\ndata: 1\nevent:\nid: A1\n\n\n\n\n",
    messages: [[undefined, 1]],
    position: "A1",
  },
  {
    name: "repeated-fields",
    title: "repeated event and id fields, of which the last counts",
    bytes: "event: no\nid: X9\nevent: yes\ndata: 1\nid: A1\n\n",
    messages: [["yes", 1]],
    position: "A1",
  },
  {
    name: "retry-forms",
    title: "a retry that is not only digits, which is ignored",
    // A client that accepts one of them gets a long wait, and does not reconnect while the test waits.
    bytes: [
      ...["-1", "0x60000", "6e4", "٦٠٠٠٠", "60000s", "60000.0", "60000 ", " 60000", "+60000"].map(
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
