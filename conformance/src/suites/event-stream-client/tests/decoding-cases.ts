import { concat, utf8 } from "../../../engine/wire/bytes.ts";

/** The bytes of a whole stream, and what WHATWG's algorithm reads from them. */
export interface DecodingCase {
  readonly name: string;
  readonly title: string;
  readonly requirement: string;
  readonly bytes: string | Uint8Array;
  /** The delivered events: name (undefined: `message`) and data. */
  readonly events: readonly (readonly [event: string | undefined, data: string])[];
}

/** Edge cases of the algorithm; each runs with every fragmentation. */
export const DECODING_CASES: readonly DecodingCase[] = [
  {
    name: "crlf",
    title: "lines that end with CRLF",
    requirement: "EC-DECODE-2",
    bytes: "data: one\r\n\r\nevent: x\r\ndata: two\r\n\r\n",
    events: [
      [undefined, "one"],
      ["x", "two"],
    ],
  },
  {
    name: "cr",
    title: "lines that end with CR",
    requirement: "EC-DECODE-2",
    bytes: "data: one\r\revent: x\rdata: two\r\r",
    events: [
      [undefined, "one"],
      ["x", "two"],
    ],
  },
  {
    name: "mixed-line-ends",
    title: "line ends of all kinds mixed",
    requirement: "EC-DECODE-2",
    bytes: "data: one\r\n\ndata: two\r\r\ndata: three\n\r\nevent: y\rdata: four\n\n",
    events: [
      [undefined, "one"],
      [undefined, "two"],
      [undefined, "three"],
      ["y", "four"],
    ],
  },
  {
    name: "other-separators",
    title: "other line separators of Unicode as part of the data",
    requirement: "EC-DECODE-2",
    bytes: "data: a\u000bb\u000cc\u0085d\u2028e\u2029f\n\n",
    events: [[undefined, "a\u000bb\u000cc\u0085d\u2028e\u2029f"]],
  },
  {
    name: "utf-8",
    title: "characters of one to four bytes",
    requirement: "EC-DECODE-1",
    bytes: "data: aé€😀\n\n",
    events: [[undefined, "aé€😀"]],
  },
  {
    name: "malformed-utf-8",
    title: "malformed bytes as U+FFFD",
    requirement: "EC-DECODE-1",
    bytes: concat([utf8("data: a"), Uint8Array.of(0xff, 0xe2, 0x82), utf8("b\n\n")]),
    events: [[undefined, "a\ufffd\ufffdb"]],
  },
  {
    name: "byte-order-mark",
    title: "a byte order mark at the beginning, which is dropped",
    requirement: "EC-DECODE-1",
    bytes: "\ufeffdata: one\n\n",
    events: [[undefined, "one"]],
  },
  {
    name: "later-byte-order-marks",
    title: "byte order marks elsewhere, which are kept",
    requirement: "EC-DECODE-1",
    bytes: "data: \ufeffone\n\n\ufeffdata: two\ndata: three\n\n",
    events: [
      [undefined, "\ufeffone"],
      [undefined, "three"],
    ],
  },
  {
    name: "comments",
    title: "comments between and within events",
    requirement: "EC-DECODE-3",
    bytes: ":\n: data: no\n\n:x\ndata: one\n:data: no\ndata: two\n: y\n\n:\n\n",
    events: [[undefined, "one\ntwo"]],
  },
  {
    name: "unknown-fields",
    title: "unknown fields, and field names in another case or with spaces",
    requirement: "EC-DECODE-3",
    bytes: "data: one\nData: no\nfoo\nbar: no\n data: no\ndatas: no\nDATA:no\n\n",
    events: [[undefined, "one"]],
  },
  {
    name: "colons-and-spaces",
    title: "values with colons, and with or without a space after the first colon",
    requirement: "EC-DECODE-4",
    bytes: "data:one: two\n\ndata::\n\ndata:  three \nevent:x\n\n",
    events: [
      [undefined, "one: two"],
      [undefined, ":"],
      ["x", " three "],
    ],
  },
  {
    name: "a-tab",
    title: "a tab after the colon, which belongs to the value",
    requirement: "EC-DECODE-4",
    bytes: "data:\tone\n\n",
    events: [[undefined, "\tone"]],
  },
  {
    name: "no-colon",
    title: "a line without a colon",
    requirement: "EC-DECODE-4",
    bytes: "data\n\n",
    events: [[undefined, ""]],
  },
  {
    name: "data-in-lines",
    title: "data in several lines",
    requirement: "EC-DECODE-5",
    bytes: "data: one\ndata:\ndata: two\ndata: three\n\n",
    events: [[undefined, "one\n\ntwo\nthree"]],
  },
  {
    name: "any-text",
    title: "data that is not JSON, and an empty one",
    requirement: "EC-DECODE-5",
    bytes: "data: [DONE]\n\ndata: {\n\ndata:\n\n",
    events: [
      [undefined, "[DONE]"],
      [undefined, "{"],
      [undefined, ""],
    ],
  },
  {
    name: "names",
    title: "event names, of which the last one in a block counts",
    requirement: "EC-DECODE-6",
    bytes: "event: y\ndata: one\nevent: x\n\ndata: two\n\nevent: y\nevent:\ndata: three\n\n",
    events: [
      ["x", "one"],
      [undefined, "two"],
      [undefined, "three"],
    ],
  },
  {
    name: "a-name-without-data",
    title: "a block with a name and no data, which is dropped with its name",
    requirement: "EC-DECODE-7",
    bytes: "event: x\n\nid: 1\n\nretry: 10\n\n\n\ndata: one\n\n",
    events: [[undefined, "one"]],
  },
  {
    name: "an-unfinished-line",
    title: "an event that the end of the stream cuts within a line",
    requirement: "EC-DECODE-7",
    bytes: "data: one\n\ndata: no",
    events: [[undefined, "one"]],
  },
  {
    name: "an-unfinished-block",
    title: "an event that the end of the stream cuts before its blank line",
    requirement: "EC-DECODE-7",
    bytes: "data: one\n\nevent: x\ndata: no\n",
    events: [[undefined, "one"]],
  },
];
