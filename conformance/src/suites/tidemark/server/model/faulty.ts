import type { HeaderLine } from "../../../../engine/wire/headers.ts";
import type { PublishFault, ReadFault } from "./steps.ts";

const LONG_NAME = "n".repeat(65);

/** Parameters of a read that break their grammar, or are repeated. */
const QUERIES: Readonly<Record<ReadFault, readonly string[]>> = {
  limit: ["0", "", "-1", "+1", "1.0", "1e3", "0x10", "%201", "1%20", "1,2", "%D9%A1", "%EF%BC%91"].map(
    (text) => `limit=${text}`,
  ),
  after: ["lower", "", "a%20B", "%C3%A9A", `A${"1".repeat(1024)}`, "START%20", "A,B", "A%00"].map(
    (text) => `after=${text}`,
  ),
  event: [
    "no%20name",
    "",
    "a,",
    ",a",
    "a,,b",
    "%24open",
    "error",
    "open",
    "-a",
    "%C3%A9",
    LONG_NAME,
    "a%0A",
    names(33),
  ].map((text) => `event=${text}`),
  gap: ["middle", "", "START", "start%20", "start,end"].map((text) => `gap=${text}`),
  stream: ["0", "", "true", "01", "11"].map((text) => `stream=${text}`),
  wait: ["", "-1", "1.5", "1s", "%D9%A1", "%201", "1e1"].map((text) => `wait=${text}`),
  repeated: [
    "gap=start&gap=start",
    "limit=2&limit=2",
    "after=start&after=end",
    "limit=3&%6Cimit=4",
    "stream=1&stream=1",
    "wait=0&wait=0",
  ],
};

/** The query text of a fault. */
export function faultyQuery(fault: ReadFault, form: number): string {
  return of(QUERIES[fault], form);
}

/** As many different names as this, for a filter. */
export function names(count: number): string {
  return Array.from({ length: count }, (_, index) => `n${index}`).join(",");
}

/** Values of `Last-Event-ID` that are no cursors. */
const MALFORMED_IDS = [
  "lowercase",
  "a b",
  "d\u00e9j\u00e0-vu",
  "\u6f6e1",
  "start",
  "end",
  `A${"1".repeat(1100)}`,
  "A,B",
];

export function malformedId(form: number): string {
  return of(MALFORMED_IDS, form);
}

const TYPES = [
  "text/plain",
  "application/json-patch+json",
  "application/jsonp",
  "text/json",
  "application/x-www-form-urlencoded",
  "application/jso",
  undefined,
];

/** The values of `Content-Type` that have to be refused; undefined: none. */
export function faultyType(form: number): string | undefined {
  return of(TYPES, form);
}

const CODINGS = ["x-unknown", "x-unknown, gzip", "gzip, x-unknown"];

export function faultyCoding(form: number): HeaderLine {
  return ["Content-Encoding", of(CODINGS, form)];
}

const NOT_JSON: readonly (string | Uint8Array)[] = [
  '{"messages":[{"data":1}',
  "",
  '{"messages":[{"data":1}]} x',
  '{"messages":[{"data":01}]}',
  "{'messages':[{'data':1}]}",
  '\ufeff{"messages":[{"data":1}]}',
  Uint8Array.of(...Buffer.from('{"messages":[{"data":"'), 0xff, ...Buffer.from('"}]}')),
  '{"messages":[{"data":NaN}]}',
];

const NOT_A_PUBLISH: readonly string[] = [
  '{"messages":[]}',
  "{}",
  "[]",
  "null",
  '{"messages":{"data":1}}',
  '{"messages":[1]}',
  '{"messages":[{"event":"a"}]}',
  '{"messages":[{"data":1},{}]}',
  '{"messages":[{"data":1}],"close":1}',
  '{"close":false}',
  '{"messages":null,"close":true}',
  '{"messages":[{"data":1,"event":1}]}',
];

const NOT_NAMES = [
  "no name",
  "",
  "$open",
  "error",
  "open",
  "-a",
  ".a",
  "\u00e9",
  LONG_NAME,
  "a\\n",
  "a\\r\\nid: 1",
  "a,b",
  "a\\u0000",
];

const NOT_POSITIONS = ['"not a cursor"', '"lower"', '""', "1", "null", '"A\\n"', `"A${"1".repeat(1024)}"`];

/** The body of a publish with this fault; undefined: the body is right, and the fault is elsewhere. */
export function faultyBody(fault: PublishFault, form: number): string | Uint8Array | undefined {
  if (fault === "json") return of(NOT_JSON, form);
  if (fault === "shape") return of(NOT_A_PUBLISH, form);
  if (fault === "event") return `{"messages":[{"data":1},{"event":"${of(NOT_NAMES, form)}","data":2}]}`;
  if (fault === "after") return `{"messages":[{"data":1}],"after":${of(NOT_POSITIONS, form)}}`;
  return undefined;
}

const KEYS: readonly (readonly string[])[] = [
  ["not a string"],
  ['""'],
  [`"${"k".repeat(256)}"`],
  ['"a";b=1'],
  ['"a", "b"'],
  ['"a"', '"a"'],
  ["token"],
  ['"open'],
  ["42"],
  [":YQ==:"],
];

/** The fields `Idempotency-Key` that have to be refused. */
export function faultyKey(form: number): readonly HeaderLine[] {
  return of(KEYS, form).map((value) => ["Idempotency-Key", value] as const);
}

function of<T>(forms: readonly T[], form: number): T {
  return forms[form % forms.length] as T;
}
