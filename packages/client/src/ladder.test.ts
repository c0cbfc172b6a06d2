import type { Delay } from "@tidemark/client-core/kit";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { collect } from "../../../testing/clients/collect.ts";
import { noClock } from "../../../testing/clients/no-clock.ts";
import {
  type Answering,
  block,
  closing,
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
import { probingClock } from "../test/clocks.ts";
import { threeWays, type Way } from "../test/three-ways.ts";
import { type SubscribeOptions, subscribe } from "./index.ts";

const donePage = page(["D1"], { closed: true });
const doneStream = resumed("D0", block("D1") + closing("D1"));
const unexpected = problem(404, "no-such-channel");

/** The current subscription of {@link follow}. */
let followed: { readonly cursor: string } | undefined;

const cutAt = (cursor: string): Answering => cutAfter(cursor, () => followed);

async function follow(
  scripts: Partial<Record<Way, readonly Answering[]>>,
  options: SubscribeOptions = {},
): Promise<{ seen: string[]; reads: readonly string[]; waits: readonly number[] }> {
  const { delay, waits } = noClock();
  const ways = { sse: [unexpected], "long-polling": [unexpected], polling: [unexpected], ...scripts };
  const origin = await threeWays(ways);
  const subscription = subscribe(origin.url, { delay, retryDelayMs: () => 1, ...options });
  followed = subscription;
  const seen = await collect(subscription);
  await origin.close();
  return { seen, reads: origin.reads, waits };
}

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
  const { seen, reads, waits } = await follow({
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

test("a stream without a first block in time causes a fallback at once", async () => {
  for (const silent of [hang, stream("", hang), stream(": comment\n\n", hang)]) {
    const barks = new Set<() => void>();
    const waits: number[] = [];
    const delay: Delay = (ms, signal, purpose) => {
      if (purpose !== "watchdog") waits.push(ms);
      return new Promise((resolve) => {
        signal.addEventListener("abort", () => resolve());
        if (ms === 10_000) barks.add(resolve);
      });
    };
    const origin = await threeWays({ sse: [silent], "long-polling": [donePage], polling: [unexpected] });
    const seen = collect(subscribe(origin.url, { delay }));
    while (origin.reads.length < 2) {
      for (const bark of origin.reads.length === 0 ? [] : barks) bark();
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal([await seen, origin.reads], [["D1"], ["sse start", "long-polling start"]]);
    // Bun 1.4 sometimes leaves an answer open if it is aborted before anything is read.
    if (!("Bun" in globalThis)) await origin.asked[0]?.gone;
    await origin.close();
    assert.equal(
      waits.filter((ms) => ms !== 60_000),
      [],
    );
  }
});

/** A page that is cut off. */
const halfAPage: Answering = (response) => {
  response.writeHead(200, { tidemark: "v=1", "content-length": "100" });
  response.write("{", () => response.destroy());
};

test("three consecutive cuts cause a fallback", async () => {
  const { seen, reads } = await follow({
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

function gate(): { readonly opens: Promise<void>; readonly open: () => void } {
  let open = (): void => {};
  const opens = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opens, open: () => open() };
}

/** Answers once the gate is open. */
function when(opens: Promise<unknown>, answering: Answering): Answering {
  return async (response, asked) => {
    await opens;
    await answering(response, asked);
  };
}

test("climbs by a probe, which is taken over if it started at the same position", async () => {
  const due = gate();
  const { delay, probes } = probingClock(due.opens);
  const origin = await threeWays({
    sse: [problem(406, "not-acceptable"), stream(opening("P1") + block("P2") + closing("P2"))],
    "long-polling": [page(["P1"]), page([], { cursor: "P1", retry: 1 })],
    polling: [unexpected],
  });
  const subscription = subscribe(origin.url, { delay });
  assert.equal(await collect(subscription, 1), ["P1"]);
  assert.is(subscription.state.mechanism, "long-polling");
  due.open();
  assert.equal(await collect(subscription), ["P2"]);
  assert.is(subscription.state.mechanism, "sse");
  assert.equal(
    origin.reads.filter((read) => read.startsWith("sse")),
    ["sse start", "sse P1"],
  );
  assert.equal(probes, [60_000]);
  await origin.close();
});

test("a probe that started elsewhere is dropped, and a stream is opened at the received position", async () => {
  const [due, probed] = [gate(), gate()];
  const { delay } = probingClock(due.opens);
  const origin = await threeWays({
    sse: [
      problem(406, "not-acceptable"),
      stream(opening("P1") + block("P2"), probed.open),
      async (response, asked) => {
        await origin.asked.find(({ query }) => query.stream === "1" && query.after === "P1")?.gone;
        await stream(opening("P9") + closing("P9"))(response, asked);
      },
    ],
    "long-polling": [
      page(["P1"]),
      // While the probe is at P1, the mechanism in use continues to P9.
      when(probed.opens, page(["P2", "P9"])),
      page([], { cursor: "P9", retry: 1 }),
    ],
    polling: [unexpected],
  });
  const subscription = subscribe(origin.url, { delay });
  assert.equal(await collect(subscription, 1), ["P1"]);
  due.open();
  assert.equal(await collect(subscription), ["P2", "P9"]);
  assert.equal(
    origin.reads.filter((read) => read.startsWith("sse")),
    ["sse start", "sse P1", "sse P9"],
  );
  await Promise.all(origin.asked.map(({ gone }) => gone));
  await origin.close();
});

test("a failed probe changes nothing; the next one comes later", async () => {
  const { delay, probes } = probingClock();
  const refused = problem(406, "not-acceptable");
  const origin = await threeWays({
    sse: [refused, refused, foreign(502), stream(opening("P1") + closing("P1"))],
    "long-polling": [page(["P1"]), page([], { cursor: "P1", retry: 1 })],
    polling: [unexpected],
  });
  assert.equal(await collect(subscribe(origin.url, { delay })), ["P1"]);
  assert.equal(probes, [60_000, 120_000, 240_000]);
  await origin.close();
});

test("from polling, the client probes long polling before a stream", async () => {
  const { delay } = probingClock();
  const refused = problem(406, "not-acceptable");
  const origin = await threeWays({
    sse: [refused, stream(opening("P1") + closing("P1"))],
    "long-polling": [refused, page([], { cursor: "P1", retry: 1 })],
    polling: [page(["P1"]), page([], { cursor: "P1", retry: 1 })],
  });
  assert.equal(await collect(subscribe(origin.url, { delay })), ["P1"]);
  const ways = origin.reads.map((read) => read.split(" ")[0]);
  assert.ok(ways.lastIndexOf("polling") < ways.lastIndexOf("sse"));
  assert.ok(ways.lastIndexOf("long-polling") > 1);
  await origin.close();
});

test("a stop ends a probe too", async () => {
  const { delay } = probingClock();
  const stop = new AbortController();
  const origin = await threeWays({
    sse: [problem(406, "not-acceptable"), () => stop.abort()],
    "long-polling": [page(["P1"]), page([], { cursor: "P1", retry: 1 })],
    polling: [unexpected],
  });
  await collect(subscribe(origin.url, { delay, signal: stop.signal }));
  await Promise.all(origin.asked.map(({ gone }) => gone));
  await origin.close();
});

test.run();
