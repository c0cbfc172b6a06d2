// What a developer sees if the URL is wrong: a URL that can never work throws at once; anything else is
// reported once.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { noClock } from "../../../testing/clients/no-clock.ts";
import {
  type Answering,
  foreign,
  page,
  problem,
  scriptedOrigin,
} from "../../../testing/servers/scripted-origin.ts";
import { publish, type SubscribeOptions, subscribe } from "./index.ts";

const mechanisms = ["auto", "sse", "long-polling", "polling"] as const;
const done: Answering = page(["C1"], { closed: true });

/** The warnings printed while `run` runs. */
async function warningsOf(run: () => Promise<unknown>): Promise<string[]> {
  const { warn } = console;
  const warnings: string[] = [];
  console.warn = (...parts: unknown[]) => void warnings.push(parts.join(" "));
  try {
    await run();
  } finally {
    console.warn = warn;
  }
  return warnings;
}

async function follow(url: string, options: SubscribeOptions = {}): Promise<void> {
  const settings = {
    delay: noClock().delay,
    retryDelayMs: () => 1,
    mechanism: "polling" as const,
    ...options,
  };
  for await (const _ of subscribe(url, settings));
}

/** The error that `run` rejects with. */
async function thrown(run: () => Promise<unknown>): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

const hopeless: Readonly<Record<string, RegExp>> = {
  "http://[": /Invalid URL/,
  "channels/news": /Invalid URL/,
  "htp://localhost/channels/news": /htp:/,
  "ftp://localhost/channels/news": /expected http: or https:/,
  "http://user:secret@127.0.0.1/channels/news": /use the option/,
  "http://127.0.0.1:6000/channels/news": /port/,
};

for (const [url, text] of Object.entries(hopeless)) {
  test(`${url} throws, and the error does not contain the password`, async () => {
    for (const mechanism of mechanisms) {
      const error = await thrown(async () => subscribe(url, { mechanism }).next());
      assert.instance(error, TypeError);
      assert.match(String(error), text);
    }
    const error = await thrown(() => publish(url, { data: 1 }));
    assert.instance(error, TypeError);
    assert.not.match(String(error), "secret");
  });
}

test("an invalid position and invalid headers throw", async () => {
  assert.throws(() => subscribe("http://localhost/", { after: "not a cursor!" }), TypeError);
  const headers = { "x y": "1" };
  assert.instance(await thrown(() => subscribe("http://localhost/", { headers }).next()), TypeError);
});

const misled: Readonly<Record<string, readonly [Answering, RegExp]>> = {
  "an HTML page": [foreign(200), /an answer 200 \(text\/html\) without a Tidemark header. Is the path right/],
  "a missing page": [foreign(404), /404 \(text\/html\)/],
};

for (const [name, [script, text]] of Object.entries(misled)) {
  test(`${name} is reported once, with a hint, and without the query`, async () => {
    const origin = await scriptedOrigin(script, script, script, done);
    const warnings = await warningsOf(() => follow(`${origin.url}?token=secret`));
    assert.is(warnings.length, 1);
    assert.match(warnings[0] ?? "", text);
    assert.match(warnings[0] ?? "", new URL(origin.url).host);
    assert.not.match(warnings[0] ?? "", "secret");
    await origin.close();
  });
}

test("a port without a listener is reported with its cause", async () => {
  const origin = await scriptedOrigin(done);
  await origin.close();
  const warnings = await warningsOf(() => thrown(() => follow(origin.url, { giveUpAfterMs: 3 })));
  assert.is(warnings.length, 1);
  assert.match(warnings[0] ?? "", /ECONNREFUSED.*Is a server listening there/);
});

test("there is no warning with a callback, or after an answer from a Tidemark server", async () => {
  for (const [options, ...scripts] of [
    [{ onRetry: () => {} }, foreign(404)],
    [{ onState: () => {} }, foreign(404)],
    [{}, page(["P1"]), foreign(502)],
    [{}, problem(503, "unavailable"), foreign(502)],
  ] as const) {
    const origin = await scriptedOrigin(...scripts, done);
    assert.equal(await warningsOf(() => follow(origin.url, options)), []);
    await origin.close();
  }
});

test("giveUpAfterMs ends a subscription whose retries all fail, with the last error", async () => {
  const origin = await scriptedOrigin(foreign(502), page(["P1"]), foreign(502));
  let retries = 0;
  const options: SubscribeOptions = {
    giveUpAfterMs: 500,
    retryDelayMs: () => 100,
    onRetry: () => void retries++,
  };
  const seen: string[] = [];
  const error = await thrown(async () => {
    for await (const { cursor } of subscribe(origin.url, { mechanism: "long-polling", ...options }))
      seen.push(cursor);
  });
  assert.match(String(error), "[foreign]");
  assert.equal(seen, ["P1"]);
  assert.ok(retries >= 2 && retries <= 8, `${retries}`);
  await origin.close();
});

test("a publish gives up after three foreign answers", async () => {
  const origin = await scriptedOrigin(foreign(404));
  const error = await thrown(() => publish(origin.url, { data: 1 }, { retryDelayMs: () => 1 }));
  assert.match(String(error), "an answer 404 (text/html)");
  assert.is(origin.asked.length, 3);
  await thrown(() => publish(origin.url, { data: 1 }, { retryDelayMs: () => 1, maxAttempts: 5 }));
  assert.is(origin.asked.length, 8);
  await origin.close();
});

test("a publish without an answer gives up after 30 s, or after giveUpAfterMs", async () => {
  const silent = await scriptedOrigin(() => undefined);
  for (const giveUpAfterMs of [undefined, 2_000]) {
    const waits: number[] = [];
    const { now } = performance;
    let skewMs = 0;
    performance.now = () => now.call(performance) + skewMs;
    const delay = async (ms: number, signal: AbortSignal, purpose: string) => {
      waits.push(ms);
      const before = silent.asked.length;
      if (purpose === "watchdog")
        while (!signal.aborted && silent.asked.length === before) await new Promise((go) => setImmediate(go));
      skewMs += ms;
    };
    const options = giveUpAfterMs === undefined ? {} : { giveUpAfterMs, connectTimeoutMs: 1_500 };
    const error = await thrown(() =>
      publish(silent.url, { data: 1 }, { delay, retryDelayMs: () => 100, ...options }),
    );
    performance.now = now;
    assert.match(String(error), "[timeout] no answer in");
    assert.equal(waits, giveUpAfterMs === undefined ? [30_000] : [1_500, 100, 1_500]);
  }
  await silent.close();
});

test("the error names Node's own fetch when it times out on a silence", async () => {
  const server = createServer((_, response: ServerResponse) => void response);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { Agent, fetch: undiciFetch } = await import("undici");
  const dispatcher = new Agent({ headersTimeout: 100 });
  const fetch = ((url: URL, init: object) =>
    undiciFetch(url, { ...init, dispatcher })) as unknown as typeof globalThis.fetch;
  const { port } = server.address() as AddressInfo;
  const error = await thrown(() => follow(`http://127.0.0.1:${port}/`, { fetch, giveUpAfterMs: 0 }));
  assert.match(String(error), "gives up after 300 s of silence");
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test.run();
