// One bound on messages in every mechanism, and two ways to continue above it.
import { MemoryLog } from "@tidemark/log-memory";
import { listen } from "@tidemark/server";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Answering, json, page, scriptedOrigin } from "../../../testing/servers/scripted-origin.ts";
import { memoryStore, publish, type SubscribeOptions, subscribe, TooLargeError } from "./index.ts";

const MiB = 1024 * 1024;
const mechanisms = ["auto", "sse", "long-polling", "polling"] as const;

const server = await listen(new MemoryLog(), { port: 0, publishing: { maxBodyBytes: 40 * MiB } });
/** A closed channel whose second message is this large. */
async function channelWith(bytes: number): Promise<{ url: string; large: string }> {
  const url = server.url.replace("{channel}", `large-${bytes}`);
  await publish(url, [{ data: "before" }]);
  const { cursor } = await publish(url, [{ data: "x".repeat(bytes) }]);
  await publish(url, [{ data: "after" }], { close: true });
  return { url, large: cursor };
}

const { url: veryLarge } = await channelWith(17 * MiB);
const { url, large } = await channelWith(2 * MiB);

/** The lengths of the messages, and the error if there was one. */
async function read(options: SubscribeOptions, from = url): Promise<{ lengths: number[]; error?: unknown }> {
  const lengths: number[] = [];
  try {
    for await (const { data } of subscribe<string>(from, options)) lengths.push(data.length);
  } catch (error) {
    return { lengths, error };
  }
  return { lengths };
}

for (const mechanism of mechanisms) {
  test(`${mechanism}: a message of 17 MiB is read`, async () => {
    assert.equal(await read({ mechanism }, veryLarge), { lengths: [6, 17 * MiB, 5] });
  });

  test(`${mechanism}: above the bound, the error names the message and its size, at every start`, async () => {
    const store = memoryStore();
    for (const lengths of [[6], []]) {
      const result = await read({ mechanism, store, maxMessageBytes: MiB });
      assert.equal(result.lengths, lengths);
      assert.instance(result.error, TooLargeError);
      const { cursor, size, message } = result.error as TooLargeError;
      assert.is(cursor, large);
      assert.ok(size >= 2 * MiB && size < 2 * MiB + 100, `${size}`);
      assert.match(message, `the message ${large} has ${size} bytes`);
    }
    // Two ways to continue: a larger bound, or skipping the message.
    assert.equal(await read({ mechanism, store, maxMessageBytes: 3 * MiB }), { lengths: [2 * MiB, 5] });
    assert.equal(await read({ mechanism, after: large, maxMessageBytes: MiB }), { lengths: [5] });
    const told: unknown[] = [];
    const onTooLarge = async ({ cursor }: TooLargeError) => {
      told.push(cursor);
      return "skip" as const;
    };
    assert.equal(await read({ mechanism, maxMessageBytes: MiB, onTooLarge }), { lengths: [6, 5] });
    assert.equal(told, [large]);
  });

  test(`${mechanism}: the bound is the length of the JSON text`, async () => {
    const origin = await scriptedOrigin((response, asked) => {
      const data = "12345678"; // ten characters with its quotes
      if (asked.query.stream === undefined)
        return page([], { messages: [{ cursor: "P1", data }], cursor: "P1", closed: true })(response, asked);
      const head = { tidemark: "v=1", "content-type": "text/event-stream" };
      response.writeHead(200, head);
      response.end(`data: "${data}"\nid: P1\n\nevent: $closed\ndata: {}\nid: P1\n\n`);
    });
    for (const [maxMessageBytes, count] of [
      [10, 1],
      [9, 0],
    ] as const) {
      let seen = 0;
      const onTooLarge = () => "throw" as const;
      try {
        for await (const _ of subscribe(origin.url, { mechanism, maxMessageBytes, onTooLarge })) seen += 1;
      } catch (error) {
        assert.instance(error, TooLargeError);
      }
      assert.is(seen, count, `${maxMessageBytes}`);
    }
    await origin.close();
  });
}

test("a message far above the bound is not read to its end", async () => {
  const endless: Answering = async (response, { query, gone }) => {
    let isGone = false;
    void gone.then(() => {
      isGone = true;
    });
    response.writeHead(200, {
      tidemark: "v=1",
      "content-type": query.stream ? "text/event-stream" : "application/json",
    });
    response.write(query.stream ? "data: " : '{"messages":[{"cursor":"P1","data":"');
    const chunk = "x".repeat(MiB);
    while (!isGone)
      await Promise.race([new Promise<void>((done) => response.write(chunk, () => done())), gone]);
  };
  const origin = await scriptedOrigin(endless);
  for (const mechanism of ["sse", "polling"] as const) {
    let thrown: unknown;
    try {
      for await (const _ of subscribe(origin.url, { mechanism, maxMessageBytes: 1_000 }))
        assert.unreachable();
    } catch (error) {
      thrown = error;
    }
    assert.instance(thrown, TooLargeError);
    assert.is((thrown as TooLargeError).cursor, undefined);
    assert.match(String(thrown), "the message after start has");
  }
  await origin.close();
});

test("a page of many messages keeps those before the large one, and its gap", async () => {
  const [small, big] = ["1", "x".repeat(100)];
  const gap = { reason: "epoch", requested: "Z9", start: "P0", end: "P3" };
  const messages = [small, big, small].map((data, index) => ({ cursor: `P${index + 1}`, data }));
  const answer: Answering = (response, asked) =>
    asked.query.after === "Z9"
      ? json({ messages, cursor: "P3", more: false, gap, closed: true })(response, asked)
      : json({
          messages: messages.slice(Number(asked.query.after?.slice(1))),
          cursor: "P3",
          more: false,
          closed: true,
        })(response, asked);
  const origin = await scriptedOrigin(answer);
  const seen: string[] = [];
  const gaps: string[] = [];
  const options: SubscribeOptions = {
    mechanism: "polling",
    after: "Z9",
    maxMessageBytes: 50,
    onTooLarge: () => "skip",
    onGap: ({ requested }) => {
      gaps.push(requested);
      return "start";
    },
  };
  for await (const { cursor } of subscribe(origin.url, options)) seen.push(cursor);
  assert.equal([seen, gaps], [["P1", "P3"], ["Z9"]]);
  await origin.close();
});

test.after(() => server.close({ windowMs: 0 }));
test.run();
