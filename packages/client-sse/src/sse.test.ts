import { test } from "uvu";
import * as assert from "uvu/assert";
import { collect, rejection } from "../../../testing/clients/collect.ts";
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
  scriptedOrigin,
  stream,
} from "../../../testing/servers/scripted-origin.ts";
import { AnswerError, GapError, type SubscribeOptions, type Subscription, subscribe } from "./index.ts";

const done = resumed("D0", block("D1") + closing("D1"));

/** The current subscription of {@link follow}. */
let followed: Subscription | undefined;

const cutAt = (cursor: string): Answering => cutAfter(cursor, () => followed);

/** What a client reads from the scripts, its waits, and the position of each request. */
async function follow(
  scripts: readonly Answering[],
  options: SubscribeOptions = {},
): Promise<{ seen: string[]; waits: number[]; after: (string | undefined)[] }> {
  const { delay, waits } = noClock();
  const origin = await scriptedOrigin(...scripts);
  const subscription = subscribe(origin.url, { delay, retryDelayMs: (n) => n, ...options });
  followed = subscription;
  const seen = await collect(subscription);
  await origin.close();
  return { seen, waits, after: origin.asked.map(({ query }) => query.after) };
}

test("requests a stream by query and by Accept, and resumes by query only", async () => {
  const origin = await scriptedOrigin(stream(opening("P0") + block("P1")), done);
  await collect(subscribe(origin.url, { delay: noClock().delay }));
  await origin.close();
  assert.equal(
    origin.asked.map(({ query }) => query),
    [
      { after: "start", stream: "1" },
      { after: "P1", stream: "1" },
    ],
  );
  assert.is(origin.asked[1]?.headers.accept, "text/event-stream");
  assert.is(origin.asked[1]?.headers["last-event-id"], undefined);
});

test("every complete block moves the position: opening, message, bookmark, heartbeat, unknown", async () => {
  const blocks = [
    "",
    block("P1"),
    "id: P2\n\n",
    "event: $heartbeat\ndata: {}\nid: P3\n\n",
    "event: $later\ndata: {}\nid: P4\n\n",
  ];
  const { seen, after } = await follow([...blocks.map((text) => resumed("P0", text)), done]);
  assert.equal(seen, ["P1", "D1"]);
  assert.equal(after, ["start", "P0", "P1", "P2", "P3", "P4"]);
});

test("an empty id and an id outside the grammar do not move the position", async () => {
  const { after } = await follow([stream(`${opening("P0")}id\n\nid: a b\n\nid: end\n\n`), done]);
  assert.equal(after, ["start", "P0"]);
});

test("an incomplete block is dropped with its id, however the stream ended", async () => {
  for (const rest of ['data: "P2"', 'data: "P2"\nid: P2', 'data: "P2"\nid: P2\n', "id: P2\n"]) {
    const { seen, after } = await follow([
      stream(opening("P0") + block("P1") + rest, cutAt("P1")),
      stream(opening("P1") + rest),
      done,
    ]);
    assert.equal(
      [seen, after],
      [
        ["P1", "D1"],
        ["start", "P1", "P1"],
      ],
    );
  }
});

test("messages keep their names and values", async () => {
  const blocks = `${opening("P0")}event: added\ndata: {"a":[1e2,"ü"]}\nid: P1\n\n: comment\ndata: null\nid: P2\n\n`;
  const origin = await scriptedOrigin(stream(blocks + closing("P2")));
  const seen: unknown[] = [];
  for await (const message of subscribe(origin.url)) seen.push(message);
  await origin.close();
  assert.equal(seen, [
    { cursor: "P1", event: "added", data: { a: [100, "ü"] } },
    { cursor: "P2", data: null },
  ]);
});

test("a stream in pieces of one byte", async () => {
  const bytes = new TextEncoder().encode(`${opening("P0")}data: "ü𝄞"\r\nid: P1\r\n\r\n${closing("P1")}`);
  const slowly: Answering = async (response) => {
    for (const byte of bytes)
      await new Promise<void>((resolve) => response.write(Uint8Array.of(byte), resolve));
    response.end();
  };
  const origin = await scriptedOrigin(stream("", slowly));
  const seen: unknown[] = [];
  for await (const { data } of subscribe(origin.url)) seen.push(data);
  await origin.close();
  assert.equal(seen, ["ü𝄞"]);
});

test("before a reconnect, waits for the last retry received, however the stream ended", async () => {
  const { waits } = await follow([
    stream(opening("P0", {}, 40) + block("P1")),
    stream(`${opening("P1", {}, 40)}retry: 60\n\nid: P2\n\n`, cutAt("P2")),
    cut,
    done,
  ]);
  assert.equal(waits, [40, 60, 60]);
});

test("a soft refusal is not a failure", async () => {
  const refusal = stream("retry: 300\n\n");
  const failures: number[] = [];
  const { waits } = await follow([refusal, refusal, done], {
    onRetry: (retry) => failures.push(retry.failures),
  });
  assert.equal([waits, failures], [[300, 300], []]);
});

for (const [name, script] of Object.entries<Answering>({
  "a stream that ends before its first byte": stream(""),
  "a stream of comments": stream(": hello\n\n: again\n\n"),
  "a page": page(["P1"], { closed: true }),
  HTML: foreign(200),
  "blocks with another content type": (response) => {
    response.writeHead(200, { tidemark: "v=1", "content-type": "text/plain" });
    response.end(opening("X0") + block("X1"));
  },
  "a stream from another server": (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(opening("X0") + block("X1"));
  },
  "206": (response) => {
    response.writeHead(206, { tidemark: "v=1", "content-type": "text/event-stream" });
    response.end(opening("X0") + block("X1"));
  },
  "503": problem(503, "unavailable"),
})) {
  test(`${name} is a failure, and none of it is used`, async () => {
    const { seen, waits, after } = await follow([script, script, done]);
    assert.equal([seen, waits, after], [["D1"], [1, 2], ["start", "start", "start"]]);
  });
}

for (const [name, bad] of Object.entries({
  "whose data is not JSON": "data: hello\nid: P3\n\n",
  "with an empty id": 'data: "P3"\nid\n\n',
  "whose id is not a cursor": 'data: "P3"\nid: end\n\n',
})) {
  test(`a message ${name} is a failure; messages before it are delivered, none after it`, async () => {
    const head = opening("P0", { heartbeat: 15 }, 5);
    const failures: number[] = [];
    const { seen, waits, after } = await follow(
      [stream(head + block("P2") + bad + block("P4"), hang), done],
      {
        onRetry: (retry) => failures.push(retry.failures),
      },
    );
    assert.equal([seen, waits, after, failures], [["P2", "D1"], [5], ["start", "P2"], [1]]);
  });
}

test("a useless answer is not left open", async () => {
  const endless: Answering = (response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.write("<h1>");
  };
  const origin = await scriptedOrigin(
    endless,
    // The next stream starts once the useless answer is closed.
    async (response, asked) => {
      await origin.asked[0]?.gone;
      await stream(opening("P0") + closing("P0"), hang)(response, asked);
    },
  );
  assert.equal(await collect(subscribe(origin.url, { delay: noClock().delay })), []);
  await origin.asked[1]?.gone;
  await origin.close();
});

test("closed ends the subscription, by the stream and by 204", async () => {
  const byStatus: Answering = (response) => {
    response.writeHead(204, { tidemark: "v=1" });
    response.end();
  };
  const { seen } = await follow([stream(opening("P0") + block("P1")), byStatus]);
  assert.equal(seen, ["P1"]);
});

test("a gap reaches the application, by status and in the first block", async () => {
  const gap = { reason: "epoch", requested: "P9", start: "S0", end: "E0" };
  const origin = await scriptedOrigin(
    problem(410, "gap", gap),
    stream(opening("S0", { gap }) + closing("S0")),
  );
  const error = await rejection(subscribe(origin.url, { after: "P9" }).next());
  assert.equal((error as GapError).gap, gap);
  assert.instance(await rejection(subscribe(origin.url, { after: "P9" }).next()), GapError);
  await origin.close();
});

test("an application that continues after a gap hears of the gap first", async () => {
  const gap = { reason: "epoch", requested: "P9", start: "S0", end: "E0" };
  const told: unknown[] = [];
  const origin = await scriptedOrigin(
    problem(410, "gap", gap),
    stream(opening("E0") + block("E1") + closing("E1")),
  );
  const onGap = (heard: unknown) => {
    told.push(heard);
    return "end" as const;
  };
  assert.equal(await collect(subscribe(origin.url, { after: "P9", onGap })), ["E1"]);
  assert.equal(told, [gap]);
  assert.equal(origin.asked[1]?.query, { after: "E0", gap: "end", stream: "1" });
  await origin.close();
});

test("406 ends a client without another mechanism", async () => {
  const origin = await scriptedOrigin(problem(406, "not-acceptable"));
  assert.instance(await rejection(subscribe(origin.url).next()), AnswerError);
  await origin.close();
});

test.run();
