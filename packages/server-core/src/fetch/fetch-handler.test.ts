// What a web handler does with requests and clients that behave in every way, without a network in between.
import { setImmediate as turn } from "node:timers/promises";
import { MemoryLog } from "@tidemark/log-memory";
import { parseReadRequest } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { until } from "../../../../testing/servers/serving.ts";
import { jsonAnswer } from "../answer/answer.ts";
import { answerPoll } from "../answer/page-answer.ts";
import { ChannelServer } from "../channel-server.ts";
import type { Mechanism } from "../mechanism.ts";
import type { ChannelServerOptions } from "../server-options.ts";
import { fetchHandler } from "./fetch-handler.ts";

const poll: Mechanism = {
  name: "poll",
  methods: ["GET", "HEAD"],
  claims: ({ maxLimit }) => ({ mechanisms: ["poll"], maxLimit }),
  parse: parseReadRequest,
  accepts: () => true,
  answer: (request, channel) => answerPoll(request, channel),
};

/** Answers with the length of the body. */
const publish: Mechanism = {
  name: "publish",
  methods: ["POST"],
  claims: () => ({ publish: true }),
  accepts: () => true,
  answer: async (request) => jsonAnswer(200, (await request.readBody(1_000)).length),
};

function served(options: ChannelServerOptions<Request> = {}, mechanisms = [poll, publish]) {
  const errors: unknown[] = [];
  const onError = (error: unknown): unknown => errors.push(error);
  const channels = new ChannelServer<Request>(new MemoryLog(), mechanisms, { onError, ...options });
  return { channels, errors, handle: fetchHandler(channels) };
}

const URL_OF_A = "http://localhost/channels/a";

function post(body: BodyInit | null, init: RequestInit = {}): Request {
  const headers = { "Content-Type": "application/json" };
  return new Request(URL_OF_A, { method: "POST", headers, body, duplex: "half", ...init } as RequestInit);
}

async function problemOf(response: Response): Promise<string> {
  const { type, status } = (await response.json()) as { readonly type: string; readonly status: number };
  assert.is(response.status, status);
  return type.replace("https://tidemark.example/problems/", "");
}

const PLACES: readonly (readonly [url: string, status: number])[] = [
  ["http://localhost/other", 404],
  ["http://localhost/channels/a/b", 404],
  ["http://localhost/channels/%zz", 404],
  ["http://localhost/channels/%00", 404],
  ["http://localhost/channels/a?", 200],
  ["http://localhost/channels/x/../a", 200],
  ["http://[::1]:80/channels/a", 200],
  ["https://localhost/channels/a", 200],
  ["file:///channels/a", 400],
];

for (const [url, status] of PLACES)
  test(`a request for ${url} gets ${status}`, async () => {
    const { handle, errors } = served();
    assert.is((await handle(new Request(url))).status, status);
    assert.equal(errors, []);
  });

test("a fragment is not a part of the channel's name", async () => {
  const seen: string[] = [];
  const { handle } = served({ authorize: ({ channel }) => void seen.push(channel) });
  for (const url of [`${URL_OF_A}#b`, `${URL_OF_A}?limit=1#b`])
    assert.is((await handle(new Request(url))).status, 200);
  assert.equal(seen, ["a", "a"]);
});

test("the header field Host counts before the URL", async () => {
  const { handle } = served({ hosts: ["app.example"] });
  const from = async (url: string, headers = {}): Promise<number> =>
    (await handle(new Request(`${url}/channels/a`, { headers }))).status;
  assert.is(await from("http://app.example"), 200);
  assert.is(await from("http://evil.example"), 403);
  assert.is(await from("http://localhost", { Host: "evil.example" }), 403);
});

test("authorize gets the Request, and can refuse by a status", async () => {
  const seen: Request[] = [];
  const { handle } = served({
    authorize({ request }) {
      seen.push(request);
      if (request.headers.get("X-User") === null) throw Object.assign(new Error("who?"), { status: 401 });
      return undefined;
    },
  });
  const request = new Request(URL_OF_A, { headers: { "X-User": "ann" } });
  assert.is((await handle(request)).status, 200);
  assert.is(seen[0], request);
  assert.is(await problemOf(await handle(new Request(URL_OF_A))), "unauthorized");
});

test("a hook that fails is reported, and the client sees only `internal`", async () => {
  const failure = new Error("a secret");
  const { handle, errors } = served({ authorize: () => Promise.reject(failure) });
  assert.is(await problemOf(await handle(new Request(URL_OF_A))), "internal");
  assert.equal(errors, [failure]);
});

test("a response that cannot be made is a 500, and is reported", async () => {
  const answer: Mechanism["answer"] = async () => ({ status: 200, headers: { "X-Bad": "a\nb" } });
  const { handle, errors } = served({}, [{ ...poll, answer }]);
  assert.is((await handle(new Request(URL_OF_A))).status, 500);
  assert.is(errors.length, 1);
});

test("the visit's signal aborts when the answer is complete, and when the client disconnects", async () => {
  const signals: AbortSignal[] = [];
  let arrived = (): void => undefined;
  const answer: Mechanism["answer"] = (request) =>
    new Promise((resolve) => {
      request.whenOver(() => resolve(jsonAnswer(200, "over")));
      arrived();
    });
  const authorize = ({ signal }: { readonly signal: AbortSignal }) => void signals.push(signal);
  const { handle } = served({ authorize } as ChannelServerOptions<Request>, [{ ...poll, answer }, publish]);
  assert.is((await handle(post("1"))).status, 200);
  assert.is(signals[0]?.aborted, true, "complete");
  const gone = new AbortController();
  const here = new Promise<void>((resolve) => (arrived = resolve));
  const held = handle(new Request(URL_OF_A, { signal: gone.signal }));
  await here;
  assert.is(signals[1]?.aborted, false, "held");
  gone.abort();
  await held;
  assert.is(signals[1]?.aborted, true, "disconnected");
});

test("HEAD has the fields of GET and no body; OPTIONS is 204 without a body", async () => {
  const { handle } = served();
  const [head, get] = [
    await handle(new Request(URL_OF_A, { method: "HEAD" })),
    await handle(new Request(URL_OF_A)),
  ];
  assert.is(head.body, null);
  assert.equal([...head.headers], [...get.headers]);
  assert.is(Number(head.headers.get("content-length")), (await get.text()).length);
  const options = await handle(new Request(URL_OF_A, { method: "OPTIONS" }));
  assert.equal([options.status, options.body], [204, null]);
  assert.is(options.headers.get("vary"), "Origin");
});

test("an unchanged page is a 304 without a body", async () => {
  const { handle } = served();
  const { cursor } = (await (await handle(new Request(URL_OF_A))).json()) as { readonly cursor: string };
  const url = `${URL_OF_A}?after=${cursor}`;
  const tag = (await handle(new Request(url))).headers.get("etag") ?? "";
  for (const tags of [tag, `"x", ${tag}`]) {
    const { status, body } = await handle(new Request(url, { headers: { "If-None-Match": tags } }));
    assert.equal([status, body], [304, null]);
  }
  const two = new Headers([
    ["If-None-Match", '"x"'],
    ["If-None-Match", tag],
  ]);
  assert.is((await handle(new Request(url, { headers: two }))).status, 304, "two fields of this name");
});

/** A body in chunks of 600 bytes; `pulled` counts them. */
function chunked(chunks: number, ended: (controller: ReadableStreamDefaultController) => void) {
  const seen = { pulled: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      seen.pulled += 1;
      if (seen.pulled > chunks) ended(controller);
      else controller.enqueue(new Uint8Array(600));
    },
    cancel: () => {
      seen.cancelled = true;
    },
  });
  return { body, seen };
}

test("a body over the limit is refused as soon as that is known, and the rest is discarded", async () => {
  const { handle, errors } = served();
  const { body, seen } = chunked(50, (controller) => controller.close());
  assert.is(await problemOf(await handle(post(body))), "too-large");
  await until(() => seen.pulled > 50, "all of the body is read");
  assert.is(seen.cancelled, false);
  const announced = post("x", { headers: { "Content-Length": "1001" } });
  assert.is(await problemOf(await handle(announced)), "too-large");
  assert.equal(errors, []);
});

test("a body that nobody reads is discarded, so that its connection can be used again", async () => {
  const { handle } = served({ authorize: () => Promise.reject(Object.assign(new Error(), { status: 403 })) });
  const { body, seen } = chunked(50, (controller) => controller.close());
  assert.is(await problemOf(await handle(post(body))), "forbidden");
  await until(() => seen.pulled > 50, "all of the body is read");
});

test("an aborted body is invalid-body, not a failure", async () => {
  const { handle, errors } = served();
  const { body } = chunked(1, (controller) => controller.error(new Error("the connection was reset")));
  assert.is(await problemOf(await handle(post(body))), "invalid-body");
  assert.equal(errors, []);
});

test("a body that other code has used is a 500 at once, with a named cause", async () => {
  for (const use of ["text", "getReader"] as const) {
    const { handle, errors } = served();
    const request = post("1");
    if (use === "text") await request.text();
    else request.body?.getReader();
    assert.is(await problemOf(await handle(request)), "internal");
    assert.is((errors[0] as { readonly code: string }).code, "body-read-before", use);
  }
});

test("an empty body has no bytes", async () => {
  assert.is(await (await served().handle(post(null))).text(), "0");
});

test("the limit of new channels counts by address only if the platform says it", async () => {
  const create: Mechanism["answer"] = async (_, channel) => {
    await channel.admitWrite();
    return jsonAnswer(200, 1);
  };
  const options = { maxNewChannelsPerHour: 1 };
  const { channels, handle } = served(options, [{ ...publish, answer: create }]);
  const known = fetchHandler<[string]>(channels, { remoteAddress: (_, address) => address });
  const to = (name: string): Request => new Request(`http://localhost/channels/${name}`, { method: "POST" });
  for (const name of ["a", "b", "c"]) assert.is((await handle(to(name))).status, 200);
  assert.is((await known(to("d"), "192.0.2.1")).status, 200);
  assert.is((await known(to("e"), "192.0.2.1")).status, 429);
  assert.is((await known(to("f"), "192.0.2.2")).status, 200);
  await turn();
});

test.run();
