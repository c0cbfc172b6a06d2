// When a client falls back to the next mechanism, and when it stays: proxies that let through only the beginning of a
// stream, or nothing, and servers that refuse streams.
import type { Delay } from "@tidemark/client-core/kit";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { collect } from "../../../testing/clients/collect.ts";
import {
  type Answering,
  block,
  cut,
  cutAfter,
  foreign,
  hang,
  opening,
  page,
  problem,
  resumed,
  stream,
} from "../../../testing/servers/scripted-origin.ts";
import { donePage, doneStream, follow, unexpected } from "../test/follow.ts";
import { threeWays } from "../test/three-ways.ts";
import { subscribe } from "./index.ts";

/** The current subscription of a test with {@link cutAt}. */
let reader: { readonly cursor: string } | undefined;

/** Cut the connection once the client has read up to `cursor`. */
const cutAt = (cursor: string): Answering => cutAfter(cursor, () => reader);

/** Follow a channel for {@link cutAt}. */
const followed = (scripts: Parameters<typeof follow>[0]): ReturnType<typeof follow> =>
  follow(scripts, {}, (subscription) => {
    reader = subscription;
  });

test("starts with a stream and stays with it", async () => {
  const { seen, reads } = await follow({ sse: [stream(opening("P0") + block("P1")), doneStream] });
  assert.equal(
    [seen, reads],
    [
      ["P1", "D1"],
      ["sse start", "sse P1"],
    ],
  );
});

test("406 causes a fallback at once", async () => {
  const refused = problem(406, "not-acceptable");
  const { seen, reads, waits } = await followed({
    sse: [stream(opening("P0") + block("P1"), cutAt("P1")), refused],
    "long-polling": [page(["P2"]), refused],
    polling: [page(["P3"]), donePage],
  });
  assert.equal(seen, ["P1", "P2", "P3", "D1"]);
  assert.equal(reads, [
    "sse start",
    "sse P1",
    "long-polling P1",
    "long-polling P2",
    "polling P2",
    "polling P3",
  ]);
  assert.equal(waits, [7, 5_000]);
});

test("406 for the last mechanism ends the subscription", async () => {
  const refused = [problem(406, "not-acceptable")];
  try {
    await follow({ sse: refused, "long-polling": refused, polling: refused });
    assert.unreachable();
  } catch (error) {
    assert.match(String(error), "not-acceptable");
  }
});

/** The longest wait of a stream for its head or its first block. */
const FIRST_BLOCK_MS = 10_000;

for (const [name, silent, heads, bytes] of [
  ["without a head", hang, 0, 0],
  ["without a block", stream("", hang), 1, 0],
  ["of comments", stream(": comment\n\n", hang), 1, ": comment\n\n".length],
] as const) {
  test(`a stream ${name} in time causes a fallback at once`, async () => {
    const expire = new Set<() => void>();
    const waits: number[] = [];
    const delay: Delay = (ms, signal, purpose) => {
      if (purpose !== "watchdog" && purpose !== "probe") waits.push(ms);
      return new Promise((resolve) => {
        signal.addEventListener("abort", () => resolve());
        // After a comment, the rest of the time is left. A long poll has more.
        if (purpose === "watchdog" && ms <= FIRST_BLOCK_MS) expire.add(resolve);
      });
    };
    const origin = await threeWays({ sse: [silent], "long-polling": [donePage], polling: [unexpected] });
    let answered = 0;
    const fetch: typeof globalThis.fetch = async (...request) => {
      const response = await globalThis.fetch(...request);
      answered += 1;
      return response;
    };
    const subscription = subscribe(origin.url, { delay, fetch });
    const seen = collect(subscription);
    const isSilent = () => origin.reads.length > 0 && answered >= heads && subscription.state.bytes >= bytes;
    while (origin.reads.length < 2) {
      for (const end of isSilent() ? expire : []) end();
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal([await seen, origin.reads], [["D1"], ["sse start", "long-polling start"]]);
    // Bun 1.4 sometimes leaves an answer open if it is aborted before anything is read.
    if (!("Bun" in globalThis)) await origin.asked[0]?.gone;
    await origin.close();
    assert.equal(waits, []);
  });
}

/** A page that is cut off. */
const halfAPage: Answering = (response) => {
  response.writeHead(200, { tidemark: "v=1", "content-length": "100" });
  response.write("{", () => response.destroy());
};

test("three consecutive cuts cause a fallback", async () => {
  const { seen, reads } = await followed({
    sse: [
      stream(opening("P0") + block("P1"), cutAt("P1")),
      stream(opening("P1") + block("P2"), cutAt("P2")),
      foreign(502),
    ],
    "long-polling": [halfAPage, foreign(504), page(["P3"]), halfAPage, halfAPage, halfAPage],
    polling: [donePage],
  });
  assert.equal(seen, ["P1", "P2", "P3", "D1"]);
  assert.equal(
    reads,
    ["start", "P1", "P2"]
      .map((after) => `sse ${after}`)
      .concat(["P2", "P2", "P2", "P3", "P3", "P3"].map((after) => `long-polling ${after}`))
      .concat("polling P3"),
  );
});

test("a stream that falls silent after its first block causes a fallback", async () => {
  const silent = stream(opening("P0", { heartbeat: 30 }), hang);
  const { now } = performance;
  let skewMs = 0;
  const delay: Delay = async (ms, signal, purpose) => {
    if (purpose === "watchdog" && ms === 60_000) skewMs += ms;
    else if (purpose === "watchdog" || purpose === "probe")
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
  };
  performance.now = () => now.call(performance) + skewMs;
  try {
    const { seen, reads } = await follow({ sse: [silent], "long-polling": [donePage] }, { delay });
    assert.equal([seen, reads], [["D1"], ["sse start", "long-polling P0"]]);
  } finally {
    performance.now = now;
  }
});

test("clean ends, refusals and unreachable servers cause no fallback", async () => {
  const clean = resumed("P0");
  const refusals = [stream("retry: 9\n\n"), problem(503, "unavailable"), problem(429, "too-many-requests")];
  const { reads } = await follow({
    sse: [clean, clean, clean, clean, ...refusals, ...refusals, cut, cut, cut, doneStream],
  });
  assert.is(reads.length, 14);
  assert.ok(reads.every((read) => read.startsWith("sse ")));
});

/** Longer than a request to a dead server takes to fail. */
const UNDER_WAY_MS = 1_100;

test("held requests that are cut without an answer cause a fallback too", async () => {
  const late: Answering = (response) => {
    setTimeout(() => response.destroy(), UNDER_WAY_MS);
  };
  const { reads } = await follow({
    sse: [problem(406, "not-acceptable")],
    "long-polling": [cut, cut, late, late, late],
    polling: [donePage],
  });
  assert.is(reads.length, 7);
  assert.is(reads.at(-1), "polling start");
});

test("the application can choose the mechanism", async () => {
  const scripts = { sse: [doneStream], "long-polling": [donePage], polling: [donePage] };
  for (const mechanism of ["sse", "long-polling", "polling"] as const) {
    const { reads } = await follow(scripts, { mechanism });
    assert.equal(reads, [`${mechanism} start`]);
  }
});

for (const [name, script] of Object.entries<Answering>({
  "an empty stream": stream(""),
  "a stream of comments": stream(": hello\n\n: again\n\n"),
  "a stream of unfinished blocks": stream("event: $open\n"),
})) {
  test(`${name} falls back to the next mechanism after three tries`, async () => {
    const { reads } = await follow({ sse: [script], "long-polling": [donePage] });
    assert.equal(reads, ["sse start", "sse start", "sse start", "long-polling start"]);
  });
}

const proxyStatus = (status: number, error: string): Answering =>
  foreign(status, { "proxy-status": `hop.example; error=${error}; details="no"` });

test("an intermediary that does not forward streams causes a fallback at once (RFC 10036)", async () => {
  const { reads } = await follow({
    sse: [proxyStatus(501, "incremental_refused")],
    "long-polling": [donePage],
  });
  assert.equal(reads, ["sse start", "long-polling start"]);
});

test("the reason for a fallback at once is reported", async () => {
  const errors: string[] = [];
  await follow(
    { sse: [proxyStatus(501, "incremental_refused")], "long-polling": [donePage] },
    { onRetry: ({ error, failures, waitMs }) => errors.push(`${failures} ${waitMs} ${error.message}`) },
  );
  assert.equal(errors, ["1 0 [unstreamable] an intermediary does not forward streams"]);
});

test("an intermediary without a free connection is retried, and causes no fallback (RFC 10036)", async () => {
  const busy = proxyStatus(429, "connection_limit_reached");
  const { reads, states } = await follow({ sse: [busy, busy, busy, busy, doneStream] });
  assert.equal(reads, Array(5).fill("sse start"));
  const [error] = states.flatMap(({ error }) => error ?? []);
  assert.match(String(error), "[busy]");
});

test("other refusals of an intermediary count as foreign answers", async () => {
  for (const [status, error] of [
    [501, "other_refused"],
    [502, "incremental_refused"],
    [429, "connection_timeout"],
  ] as const) {
    const { states } = await follow({ sse: [proxyStatus(status, error), doneStream] });
    assert.match(String(states.flatMap((state) => state.error ?? [])[0]), "[foreign]");
  }
});

test("a server without room for a stream is reported as refused, not as live, and not as a failure", async () => {
  const refusal = stream("retry: 300\n\n");
  const { states } = await follow({ sse: [refusal, refusal, doneStream] });
  assert.equal(
    states.map(({ phase, failures }) => `${phase} ${failures}`),
    ["connecting 0", "refused 0", "connecting 0", "refused 0", "connecting 0", "live 0", "ended 0"],
  );
});

test.run();
