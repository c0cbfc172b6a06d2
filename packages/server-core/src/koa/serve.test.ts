import { request } from "node:http";
import { MemoryLog } from "@tidemark/log-memory";
import { ProtocolError, parseReadRequest } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { serving } from "../../../../testing/servers/serving.ts";
import { answerPoll } from "../answer/page-answer.ts";
import type { Mechanism } from "../mechanism.ts";
import { type ServeOptions, serve } from "./serve.ts";

const poll: Mechanism = {
  name: "poll",
  methods: ["GET", "HEAD"],
  claims: ({ maxLimit }) => ({ mechanisms: ["poll"], maxLimit }),
  parse: parseReadRequest,
  accepts: ({ method, read }) => method === "HEAD" || !read.sse || (read.acceptsJson && "fallback"),
  answer: (request, channel) => answerPoll(request, channel),
};

function server(options: ServeOptions = {}, mechanism: Partial<Mechanism> = {}) {
  return serve(new MemoryLog(), [{ ...poll, ...mechanism }], options);
}

/** The name of the problem in an answer. */
async function problemOf(response: Response): Promise<string> {
  assert.is(response.headers.get("content-type"), "application/problem+json");
  assert.is(response.headers.get("cache-control"), "no-store");
  assert.is(response.headers.get("x-content-type-options"), "nosniff");
  assert.match(response.headers.get("tidemark") ?? "", /^v=1, mechanisms=\(poll\)/);
  const { type, status, title } = (await response.json()) as Record<string, unknown>;
  assert.is(status, response.status);
  assert.type(title, "string");
  return String(type).replace("https://tidemark.example/problems/", "");
}

test("every answer has the server's claims", () =>
  serving(server(), async ({ url }) => {
    for (const method of ["GET", "HEAD", "OPTIONS", "POST", "DELETE", "PUT"]) {
      const response = await fetch(url("a"), { method });
      assert.is(response.headers.get("tidemark"), "v=1, mechanisms=(poll), max-limit=1000", method);
      assert.is(response.headers.get("access-control-allow-origin"), "*", method);
      const vary = { GET: "Accept", HEAD: "Accept", OPTIONS: "Origin" }[method] ?? null;
      assert.is(response.headers.get("vary"), vary, method);
    }
  }));

test("OPTIONS is answered before authorization", () =>
  serving(server({ authorize: denies("unauthorized") }), async ({ url }) => {
    const response = await fetch(url("a"), { method: "OPTIONS" });
    assert.is(response.status, 204);
    assert.is(response.headers.get("allow"), "GET, HEAD, OPTIONS");
    assert.is(response.headers.get("access-control-allow-methods"), "GET, HEAD, OPTIONS");
    assert.match(
      response.headers.get("access-control-allow-headers") ?? "",
      /Last-Event-ID.*Idempotency-Key/,
    );
  }));

test("other paths go to the next middleware", () =>
  serving(server(), async ({ origin }) => {
    const response = await fetch(`${origin}/channels/a/b`);
    assert.is(response.status, 404);
    assert.is(response.headers.get("tidemark"), null);
  }));

test("an invalid channel name is no-such-channel", () =>
  serving(server(), async ({ origin }) => {
    assert.is(await problemOf(await fetch(`${origin}/channels/a%0Ab`)), "no-such-channel");
  }));

test("the answer to a method that is not offered lists the offered ones", () =>
  serving(server(), async ({ url }) => {
    const response = await fetch(url("a"), { method: "POST" });
    assert.is(response.headers.get("allow"), "GET, HEAD, OPTIONS");
    assert.is(await problemOf(response), "method-not-allowed");
  }));

function denies(code: "unauthorized" | "forbidden"): () => never {
  return () => {
    throw new ProtocolError(code, "No");
  };
}

test("authorization comes first, and a refusal says how to authenticate", () =>
  serving(server({ authorize: denies("unauthorized"), challenge: 'Bearer realm="r"' }), async ({ url }) => {
    for (const method of ["GET", "PUT"]) {
      const response = await fetch(url("a", "after="), { method });
      assert.is(response.headers.get("www-authenticate"), 'Bearer realm="r"');
      assert.is(await problemOf(response), "unauthorized");
    }
  }));

test("the return value of authorize is the principal", () => {
  let principal: string | undefined;
  const answer: Mechanism["answer"] = async (request) => {
    principal = request.principal;
    return { status: 200, headers: {} };
  };
  const options = { authorize: async ({ headers }) => headers.authorization } satisfies ServeOptions;
  return serving(server(options, { answer }), async ({ url }) => {
    await fetch(url("a"), { headers: { Authorization: "Basic x" } });
    assert.is(principal, "Basic x");
    await fetch(url("a"));
    assert.is(principal, "");
  });
});

test("with declared channels, any other name is no-such-channel, for reads and for publishes", () =>
  serving(server({ channels: async (name) => name === "known" }), async ({ url }) => {
    assert.is((await fetch(url("known"))).status, 200);
    assert.is(await problemOf(await fetch(url("other"))), "no-such-channel");
  }));

test("a request for a stream that is not offered gets JSON if it accepts that", () =>
  serving(server(), async ({ url }) => {
    const accepts = (Accept: string, query = ""): Promise<Response> =>
      fetch(url("a", query), { headers: { Accept } });
    assert.is((await accepts("text/event-stream, */*")).status, 200);
    assert.is((await accepts("application/json", "stream=1")).status, 200);
    assert.is(await problemOf(await accepts("text/event-stream")), "not-acceptable");
  }));

test("a failure of the server is reported to the application, and the client sees only `internal`", () => {
  const failure = new Error("a secret");
  const answer = () => Promise.reject(failure);
  return serving(server({}, { answer }), async ({ url, errors }) => {
    const response = await fetch(url("a"));
    const text = await response.clone().text();
    assert.not.match(text, /secret/);
    assert.is(await problemOf(response), "internal");
    assert.equal(errors, [failure]);
  });
});

test("if the authorize hook fails, no request is allowed", () =>
  serving(server({ authorize: () => Promise.reject(new Error("database")) }), async ({ url }) => {
    assert.is(await problemOf(await fetch(url("a"))), "internal");
  }));

test("HEAD gets the status and the fields of a poll, without a body", () =>
  serving(server(), async ({ url }) => {
    const head = await fetch(url("a", "stream=1&wait=60"), { method: "HEAD" });
    const poll = await fetch(url("a"));
    assert.is(head.status, 200);
    assert.is(await head.text(), "");
    for (const name of ["content-type", "content-length", "cache-control", "vary", "tidemark"])
      assert.is(head.headers.get(name), poll.headers.get(name), name);
    assert.is((await fetch(url("a", "after=A"), { method: "HEAD" })).status, 410);
  }));

test("a list of origins is enforced, and announced to caches by Vary", () =>
  serving(server({ cors: { origin: ["https://a.example"], credentials: true } }), async ({ url }) => {
    const from = async (Origin: string): Promise<Headers> =>
      (await fetch(url("a"), { headers: { Origin } })).headers;
    const own = await from("https://a.example");
    assert.is(own.get("access-control-allow-origin"), "https://a.example");
    assert.is(own.get("access-control-allow-credentials"), "true");
    assert.is(own.get("vary"), "Accept, Origin");
    const other = await from("https://b.example");
    assert.is(other.get("access-control-allow-origin"), null);
    assert.is(other.get("vary"), "Accept, Origin");
  }));

test("other origins can be shut out completely", () =>
  serving(server({ cors: null }), async ({ url }) => {
    assert.is((await fetch(url("a"))).headers.get("access-control-allow-origin"), null);
  }));

/** The statuses of `POST` and `DELETE` by origin. `own` is the server's own origin; a program sends none. */
async function statusesOf(options: ServeOptions, host?: string): Promise<Record<string, number[]>> {
  const publish: Partial<Mechanism> = {
    name: "publish",
    methods: ["POST", "DELETE"],
    accepts: () => true,
    answer: async () => ({ status: 204, headers: {} }),
  };
  const seen: Record<string, number[]> = {};
  await serving(server(options, publish), async ({ url, origin }) => {
    const own = host === undefined ? origin : `http://${host}`;
    const origins = { program: undefined, own, a: "https://a.example", b: "https://b.example", none: "null" };
    for (const [name, Origin] of Object.entries(origins))
      seen[name] = await Promise.all(
        ["POST", "DELETE"].map((method) => statusOf(url("a"), method, { Origin, Host: host })),
      );
  });
  return seen;
}

/** The status of a request with header fields that `fetch` does not allow to set. */
function statusOf(
  url: string,
  method: string,
  fields: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: Object.fromEntries(given), agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on("error", reject);
    sent.end();
  });
}

const WRITES = [204, 204];
const REFUSED = [403, 403];

test("pages of other origins may write only if they are listed; programs and the server's own pages may", async () => {
  const base = { program: WRITES, own: WRITES, a: REFUSED, b: REFUSED, none: REFUSED };
  assert.equal(await statusesOf({}), base);
  assert.equal(await statusesOf({ cors: null }), base);
  assert.equal(await statusesOf({ cors: { origin: ["https://a.example"] } }), { ...base, a: WRITES });
  assert.equal(await statusesOf({ cors: { write: ["https://a.example"] } }), { ...base, a: WRITES });
  assert.equal(await statusesOf({ cors: { write: "*" } }), {
    ...base,
    a: WRITES,
    b: WRITES,
    none: WRITES,
  });
});

test("a page whose name was rebound to this server does not count as the server's own", async () => {
  const rebound = "rebound.example:3000";
  const { program, own } = await statusesOf({}, rebound);
  assert.equal([program, own], [WRITES, REFUSED], "without a list of hosts");
  const listed = await statusesOf({ hosts: ["app.example"] }, rebound);
  assert.equal([listed.program, listed.own], [REFUSED, REFUSED], "with a list, the name is refused");
  assert.equal((await statusesOf({ hosts: ["rebound.example"] }, rebound)).own, WRITES, "if it is listed");
  assert.equal((await statusesOf({ hosts: null }, rebound)).own, WRITES, "if a proxy judges it");
});

test("a host name that is not listed cannot read either, not even a known poll", () =>
  serving(server({ hosts: ["app.example"] }), async ({ url }) => {
    for (const method of ["GET", "HEAD", "OPTIONS", "POST"])
      assert.is(await statusOf(url("a"), method, { Host: "evil.example" }), 403, method);
    const known = url("a", `after=${((await (await fetch(url("a"))).json()) as { cursor: string }).cursor}`);
    for (const status of [200, 200, 403, 200])
      assert.is(
        await statusOf(known, "GET", { Host: status === 200 ? "app.example" : "evil.example" }),
        status,
      );
  }));

test("credentials for every origin are rejected at the start", () => {
  assert.throws(() => server({ cors: { credentials: true } }), /need a list of origins/);
});

for (const options of [{ maxLimit: 0 }, { defaultLimit: 1.5 }])
  test(`${JSON.stringify(options)} is rejected at the start`, () => {
    assert.throws(() => server(options), RangeError);
  });

test("the channels can be at another path", () =>
  serving(server({ path: "/v1/:channel/events" }), async ({ origin }) => {
    assert.is((await fetch(`${origin}/v1/a/events`)).status, 200);
    assert.is((await fetch(`${origin}/channels/a`)).headers.get("tidemark"), null);
  }));

test.run();
