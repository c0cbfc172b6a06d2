import { test } from "uvu";
import * as assert from "uvu/assert";
import { Cors, type CorsOptions } from "./cors.ts";

const A = "https://a.example";
const B = "https://b.example";

/** Which origins may read and write, for each set of options. */
const ROWS: readonly {
  readonly options: CorsOptions | null;
  readonly read: readonly string[];
  readonly write: readonly string[];
}[] = [
  { options: {}, read: [A, B, "null"], write: [] },
  { options: { origin: "*" }, read: [A, B, "null"], write: [] },
  { options: { write: [A] }, read: [A, B, "null"], write: [A] },
  { options: { write: "*" }, read: [A, B, "null"], write: [A, B, "null"] },
  { options: { origin: [A] }, read: [A], write: [A] },
  { options: { origin: [A], write: [] }, read: [A], write: [] },
  { options: { origin: [A], write: [B] }, read: [A, B], write: [B] },
  { options: { origin: [] }, read: [], write: [] },
  { options: { origin: ["HTTPS://A.example:443"] }, read: [A], write: [A] },
  { options: null, read: [], write: [] },
];

for (const { options, read, write } of ROWS)
  test(`${JSON.stringify(options)}: ${read.length} of 3 read, ${write.length} write`, () => {
    const cors = new Cors(options);
    for (const origin of [A, B, "null"]) {
      const allowed = cors.fieldsFor(origin)["Access-Control-Allow-Origin"];
      assert.is(allowed !== undefined, read.includes(origin), `${origin} reads`);
      if (allowed !== undefined) assert.ok(allowed === "*" || (allowed === origin && cors.varies));
      for (const method of ["POST", "DELETE"])
        assert.is(cors.allows(method, origin), write.includes(origin), `${origin} writes`);
      assert.ok(cors.allows("GET", origin));
    }
  });

const ALLOW = "GET, HEAD, POST, DELETE, OPTIONS";

test("a preflight distinguishes origins that may write from those that may only read", () => {
  const cors = new Cors({ write: [A], headers: ["traceparent", "baggage"] });
  const named = cors.preflightFor(A, ALLOW);
  assert.is(named["Access-Control-Allow-Methods"], ALLOW);
  assert.is(
    named["Access-Control-Allow-Headers"],
    "Authorization, If-None-Match, Last-Event-ID, Content-Type, Idempotency-Key, traceparent, baggage",
  );
  const other = cors.preflightFor(B, ALLOW);
  assert.is(other["Access-Control-Allow-Methods"], "GET, HEAD, OPTIONS");
  assert.is(
    other["Access-Control-Allow-Headers"],
    "Authorization, If-None-Match, Last-Event-ID, traceparent, baggage",
  );
  assert.is(other.Vary, "Origin");
  assert.is(new Cors({ write: "*" }).preflightFor(B, ALLOW).Vary, undefined, "the same for all origins");
  assert.equal(new Cors(null).preflightFor(A, ALLOW), {});
});

for (const origin of [
  "localhost:3000",
  "a.example",
  "https://a.example/",
  "https://a.example/x",
  "https://a.example?",
  "https://u@a.example",
  "https://*.example",
  "https://",
  "http://a:99999",
  "*",
  "null",
  "",
])
  test(`${JSON.stringify(origin)} in a list is rejected`, () => {
    for (const options of [{ origin: [origin] }, { write: [origin] }])
      assert.throws(() => new Cors(options), /^cors: ".*" (?:is not an origin: write|cannot be named)/);
  });

test("the error for an invalid origin suggests a valid one", () => {
  assert.throws(() => new Cors({ origin: ["localhost:3000"] }), /: http:\/\/localhost:3000$/);
  assert.throws(() => new Cors({ origin: ["https://a.example/x"] }), /: https:\/\/a\.example$/);
});

test("origins of extensions and apps, with other schemes, can be listed", () => {
  for (const origin of ["chrome-extension://abcdef", "capacitor://localhost"])
    assert.ok(new Cors({ write: [origin] }).allows("POST", origin));
});

for (const [options, reason] of [
  [{ credentials: true }, /need a list of origins/],
  [{ credentials: true, origin: [A], write: "*" }, /may read too|need a list/],
  [{ origin: [A], write: "*" }, /may read too/],
  [{ headers: ["trace parent"] }, /"trace parent" is not the name of a header field/],
  [{ headers: ["a\r\nb"] }, /is not the name/],
] as const)
  test(`${JSON.stringify(options)} is rejected`, () => {
    assert.throws(() => new Cors(options), reason);
  });

test.run();
