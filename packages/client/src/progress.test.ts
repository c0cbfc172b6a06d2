// Bytes of an answer count as progress, however slow the link; only silence is a failure.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fastWatchdogs } from "../../../testing/clients/fast-watchdogs.ts";
import {
  type Answering,
  closing,
  hang,
  opening,
  page,
  scriptedOrigin,
  stream,
  TIDEMARK,
} from "../../../testing/servers/scripted-origin.ts";
import type { Answer } from "../../../testing/servers/serve.ts";
import { type SubscribeOptions, subscribe } from "./index.ts";

const PIECES = 40;
const PAUSE_MS = 75;

/** Write a text in many pieces, over three seconds in total. */
async function drip(response: Answer, text: string): Promise<void> {
  const size = Math.ceil(text.length / PIECES);
  for (let at = 0; at < text.length; at += size) {
    response.write(text.slice(at, at + size));
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

const big = "x".repeat(100_000);

const slowPage: Answering = async (response) => {
  response.writeHead(200, { tidemark: TIDEMARK, "content-type": "application/json" });
  response.flushHeaders();
  const messages = [{ cursor: "P1", data: big }];
  await drip(response, JSON.stringify({ messages, cursor: "P1", more: false, closed: true }));
  response.end();
};

async function follow(scripts: readonly Answering[], options: SubscribeOptions) {
  const origin = await scriptedOrigin(...scripts);
  const failures: string[] = [];
  const onRetry = ({ error }: { error: Error }) => failures.push(error.message);
  const seen: unknown[] = [];
  for await (const { data } of subscribe(origin.url, { onRetry, ...options })) seen.push(data);
  await origin.close();
  return { seen, failures, requests: origin.asked.length };
}

for (const mechanism of ["polling", "long-polling"] as const) {
  test(`${mechanism}: a page that takes three times the silence limit is read at the first try`, async () => {
    const result = await follow([slowPage], { mechanism, waitS: 1, delay: fastWatchdogs });
    assert.equal(result, { seen: [big], failures: [], requests: 1 });
  });

  test(`${mechanism}: an answer that falls silent before its head, after it or inside the page times out`, async () => {
    const silent: readonly Answering[] = [
      hang,
      (response) => {
        response.writeHead(200, { tidemark: TIDEMARK, "content-type": "application/json" });
        response.flushHeaders();
      },
      (response) => {
        response.writeHead(200, { tidemark: TIDEMARK, "content-type": "application/json" });
        response.write('{"messages":[');
      },
    ];
    const done = page(["P1"], { closed: true });
    const result = await follow([...silent, done], { mechanism, waitS: 15, delay: fastWatchdogs });
    const rest = "[timeout] the answer stalled for 30000 ms";
    assert.equal(result.failures, ["[timeout] no answer in 30000 ms", rest, rest]);
    assert.equal(result.seen, ["P1"]);
  });
}

test("a message that takes longer than two heartbeats is read at the first try", async () => {
  const slowly: Answering = async (response) => {
    await drip(response, `data: ${JSON.stringify(big)}\nid: P1\n\n`);
    response.end(closing("P1"));
  };
  const result = await follow([stream(opening("P0", { heartbeat: 1 }), slowly)], { mechanism: "sse" });
  assert.equal(result, { seen: [big], failures: [], requests: 1 });
});

test("comments, even inside a message, and bookmarks do not count as progress", async () => {
  for (const text of [": alive\n", ":", "id: P0\n\n"]) {
    const alive: Answering = async (response, { gone }) => {
      let isGone = false;
      void gone.then(() => {
        isGone = true;
      });
      response.write("data: 1\n");
      while (!isGone) await drip(response, text.repeat(PIECES));
    };
    const head = opening("P0", { heartbeat: 1 });
    const done = stream(opening("P0") + closing("P0"));
    const { failures } = await follow([stream(head, alive), done], {
      mechanism: "sse",
      retryDelayMs: () => 1,
    });
    assert.equal(failures, ["[timeout] no event in 2000 ms"], text);
  }
});

test.run();
