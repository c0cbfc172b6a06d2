// The SDKs of model providers read runs as they read the provider: also if the connection is cut at any byte, and resumed.

import Anthropic from "@anthropic-ai/sdk";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { MemoryLog } from "@tidemark/log-memory";
import { type Runs, resumable } from "@tidemark/resumable";
import { DefaultChatTransport } from "ai";
import OpenAI from "openai";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readEvents } from "../../packages/resumable/test/events.ts";
import { RECORDINGS } from "../../packages/resumable/test/recordings.ts";
import { streamOf } from "../../packages/resumable/test/runs.ts";

/** Every byte takes 90 s; no event is as short as this, so each is cut several times. */
const STEP = 11;

type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

const ORIGIN = "http://provider.example";
const KEY = "not a secret";

async function all<T>(stream: AsyncIterable<T> | ReadableStream<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream as AsyncIterable<T>) items.push(item);
  return items;
}

/** How each SDK asks for a stream, and what it delivers. */
const SDKS: readonly { name: string; recording: string; read(fetch: Fetch): Promise<unknown[]> }[] = [
  {
    name: "openai, chat",
    recording: "OpenAI chat",
    async read(fetch) {
      const client = new OpenAI({ baseURL: ORIGIN, apiKey: KEY, fetch, maxRetries: 0 });
      const messages = [{ role: "user" as const, content: "hi" }];
      return all(await client.chat.completions.create({ model: "stand-in", messages, stream: true }));
    },
  },
  {
    name: "openai, responses",
    recording: "OpenAI responses",
    async read(fetch) {
      const client = new OpenAI({ baseURL: ORIGIN, apiKey: KEY, fetch, maxRetries: 0 });
      return all(await client.responses.create({ model: "stand-in", input: "hi", stream: true }));
    },
  },
  {
    name: "@anthropic-ai/sdk",
    recording: "Anthropic",
    async read(fetch) {
      const client = new Anthropic({ baseURL: ORIGIN, apiKey: KEY, fetch, maxRetries: 0 });
      const messages = [{ role: "user" as const, content: "hi" }];
      return all(await client.messages.create({ model: "stand-in", max_tokens: 9, messages, stream: true }));
    },
  },
  {
    name: "ai, the transport of useChat",
    recording: "AI SDK",
    async read(fetch) {
      const transport = new DefaultChatTransport({
        api: `${ORIGIN}/chat`,
        fetch: fetch as typeof globalThis.fetch,
      });
      const request = { trigger: "submit-message", chatId: "c", messageId: undefined, messages: [] } as const;
      return all(await transport.sendMessages({ ...request, messages: [], abortSignal: undefined }));
    },
  },
];

/** A connection that is cut after some bytes, and a reader that resumes it from the last complete event. */
function cutting(runs: Runs, text: string, cut: number): Fetch {
  return async (input, init) => {
    const headers = { "Content-Type": "text/event-stream" };
    const started = await runs.start(
      new Request(input, init),
      () => new Response(streamOf(text), { headers }),
    );
    const id = started.headers.get("tidemark-run") ?? "";
    const bytes = Buffer.from(await started.arrayBuffer()).subarray(0, cut);
    const { id: last } = readEvents(bytes);
    const whole = last === "" ? "" : bytes.toString("utf8", 0, bytes.lastIndexOf("\n\n") + 2);
    const again = new Request(`${ORIGIN}/${id}`, last === "" ? {} : { headers: { "Last-Event-ID": last } });
    const rest = await (await runs.resume(again)).text();
    return new Response(whole + rest, { status: 200, headers: started.headers });
  };
}

for (const { name, recording, read } of SDKS) {
  const { text = "" } = RECORDINGS.find((one) => one.name === recording) ?? {};

  test(`${name}: delivers what the provider sent, wherever the connection is cut`, async () => {
    const headers = { "Content-Type": "text/event-stream" };
    const expected = await read(async () => new Response(text, { headers }));
    assert.ok(expected.length >= 6, "the SDK reads the recording");
    const runs = resumable(new MemoryLog());
    const { bytes } = await lengthOf(runs, text);
    for (let cut = 0; cut <= bytes; cut += STEP)
      assert.equal(await read(cutting(runs, text, cut)), expected, `cut after ${cut} bytes`);
    await runs.dispose();
  });
}

async function lengthOf(runs: Runs, text: string): Promise<{ bytes: number }> {
  const started = await runs.start(new Request(ORIGIN, { method: "POST" }), () => streamOf(text));
  return { bytes: (await started.arrayBuffer()).byteLength };
}

test("ai: the transport resumes a chat by its own GET, with the whole answer", async () => {
  const { text = "" } = RECORDINGS.find(({ name }) => name === "AI SDK") ?? {};
  const runs = resumable(new MemoryLog());
  const started = await runs.start(new Request(ORIGIN, { method: "POST" }), () => streamOf(text));
  await started.text();
  const id = started.headers.get("tidemark-run") ?? "";
  const fetch: Fetch = (input, init) => runs.resume(new Request(input, init), id);
  const transport = new DefaultChatTransport({
    api: `${ORIGIN}/chat`,
    fetch: fetch as typeof globalThis.fetch,
  });
  const resumed = await transport.reconnectToStream({ chatId: "c" });
  assert.ok(resumed);
  const chunks = await all(resumed);
  assert.is(chunks.length, readEvents(Buffer.from(text)).events.length - 1, "all but [DONE]");
  await runs.dispose();
});

/** A server of MCP whose one tool answers with a run; its answer is cut once, after some bytes. */
function mcpServer(runs: Runs, text: string, cut: number): Fetch {
  let run = "";
  return async (input, init) => {
    const request = new Request(input, init);
    if (request.method === "GET")
      return request.headers.has("last-event-id")
        ? runs.resume(request, run)
        : new Response(null, { status: 405 });
    const { id, method, params } = (await request.clone().json()) as {
      id?: number;
      method: string;
      params?: object;
    };
    if (id === undefined) return new Response(null, { status: 202 });
    const { protocolVersion = "" } = (params ?? {}) as { protocolVersion?: string };
    const serverInfo = { name: "stand-in", version: "1" };
    if (method === "initialize")
      return Response.json({
        jsonrpc: "2.0",
        id,
        result: { protocolVersion, capabilities: { tools: {} }, serverInfo },
      });
    const started = await runs.start(request, () => streamOf(text.replace('"id":1', `"id":${id}`)));
    run = started.headers.get("tidemark-run") ?? "";
    const bytes = new Uint8Array(await started.arrayBuffer()).subarray(0, cut);
    let isSent = false;
    const body = new ReadableStream({
      pull(controller) {
        if (isSent) controller.error(new Error("The connection was cut"));
        else controller.enqueue(bytes);
        isSent = true;
      },
    });
    return new Response(body, { headers: started.headers });
  };
}

test("@modelcontextprotocol/sdk: a call that is cut after its first event is resumed by the SDK itself", async () => {
  const { text = "" } = RECORDINGS.find(({ name }) => name === "MCP") ?? {};
  const runs = resumable(new MemoryLog());
  const { bytes } = await lengthOf(runs, text);
  const first = 3 + text.indexOf("\n\n") + 40;
  for (let cut = first; cut < bytes; cut += STEP) {
    const fetch = mcpServer(runs, text, cut);
    const [initialReconnectionDelay, maxReconnectionDelay, reconnectionDelayGrowFactor, maxRetries] = [
      1, 1, 1, 9,
    ];
    const transport = new StreamableHTTPClientTransport(new URL(`${ORIGIN}/mcp`), {
      fetch: fetch as never,
      reconnectionOptions: {
        initialReconnectionDelay,
        maxReconnectionDelay,
        reconnectionDelayGrowFactor,
        maxRetries,
      },
    });
    const client = new Client({ name: "test", version: "1" });
    await client.connect(transport);
    const result = await client.callTool({ name: "tide", arguments: {} });
    assert.equal(
      result.content,
      [{ type: "text", text: "Tides rise 🌊 and\nfall." }],
      `cut after ${cut} bytes`,
    );
    await client.close();
  }
  await runs.dispose();
});

test.run();
