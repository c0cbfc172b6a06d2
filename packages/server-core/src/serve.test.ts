import { MemoryLog } from "@tidemark/log";
import { ProtocolError } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { serving } from "../test/serving.ts";
import type { Mechanism } from "./mechanism.ts";
import { answerPoll } from "./page-answer.ts";
import { type ServeOptions, serve } from "./serve.ts";

const poll: Mechanism = {
  name: "poll",
  methods: ["GET", "HEAD"],
  claims: {},
  accepts: ({ read }) => !read.sse,
  answer: (request, channel) => answerPoll(request, channel),
};

function server(options: ServeOptions = {}, mechanism: Partial<Mechanism> = {}) {
  return serve(new MemoryLog(), [{ ...poll, ...mechanism }], options);
}

/** The name of the problem that an answer tells. */
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

test("every answer says what the server offers", () =>
  serving(server(), async ({ url }) => {
    for (const method of ["GET", "HEAD", "OPTIONS", "POST", "DELETE", "PUT"]) {
      const response = await fetch(url("a"), { method });
      assert.is(response.headers.get("tidemark"), "v=1, mechanisms=(poll), max-limit=1000", method);
      assert.is(response.headers.get("access-control-allow-origin"), "*", method);
      const reads = method === "GET" || method === "HEAD";
      assert.is(response.headers.get("vary"), reads ? "Accept" : null, method);
    }
  }));

test("OPTIONS is answered before anybody is asked who he is", () =>
  serving(server({ authorize: denies("unauthorized") }), async ({ url }) => {
    const response = await fetch(url("a"), { method: "OPTIONS" });
    assert.is(response.status, 204);
    assert.is(response.headers.get("allow"), "GET, HEAD, OPTIONS");
    assert.is(response.headers.get("access-control-allow-methods"), "GET, HEAD, OPTIONS");
    assert.match(
      response.headers.get("access-control-allow-headers") ?? "",
      /Idempotency-Key.*Last-Event-ID/,
    );
  }));

test("other paths go to the next middleware", () =>
  serving(server(), async ({ origin }) => {
    const response = await fetch(`${origin}/channels/a/b`);
    assert.is(response.status, 404);
    assert.is(response.headers.get("tidemark"), null);
  }));

test("a name that no channel can have is no channel", () =>
  serving(server(), async ({ origin }) => {
    assert.is(await problemOf(await fetch(`${origin}/channels/a%0Ab`)), "no-such-channel");
  }));

test("a method that is not offered is told with those that are", () =>
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

test("authorization comes first, and says how to get it", () =>
  serving(server({ authorize: denies("unauthorized"), challenge: 'Bearer realm="r"' }), async ({ url }) => {
    for (const method of ["GET", "PUT"]) {
      const response = await fetch(url("a", "after="), { method });
      assert.is(response.headers.get("www-authenticate"), 'Bearer realm="r"');
      assert.is(await problemOf(response), "unauthorized");
    }
  }));

test("what authorize answers is the principal", () => {
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

test("declared channels only: others are none, for reading and for publishing", () =>
  serving(server({ channels: async (name) => name === "known" }), async ({ url }) => {
    assert.is((await fetch(url("known"))).status, 200);
    assert.is(await problemOf(await fetch(url("other"))), "no-such-channel");
  }));

test("a stream that is not offered is JSON if that will do", () =>
  serving(server(), async ({ url }) => {
    const accepts = (Accept: string, query = ""): Promise<Response> =>
      fetch(url("a", query), { headers: { Accept } });
    assert.is((await accepts("text/event-stream, */*")).status, 200);
    assert.is((await accepts("application/json", "stream=1")).status, 200);
    assert.is(await problemOf(await accepts("text/event-stream")), "not-acceptable");
  }));

test("a failure of our own is told to the application and not to the client", () => {
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

test("a failing authorize hook lets nobody in", () =>
  serving(server({ authorize: () => Promise.reject(new Error("database")) }), async ({ url }) => {
    assert.is(await problemOf(await fetch(url("a"))), "internal");
  }));

test("HEAD has the status and the fields of the poll, and no body", () =>
  serving(server(), async ({ url }) => {
    const head = await fetch(url("a", "stream=1&wait=60"), { method: "HEAD" });
    const poll = await fetch(url("a"));
    assert.is(head.status, 200);
    assert.is(await head.text(), "");
    for (const name of ["content-type", "content-length", "cache-control", "vary", "tidemark"])
      assert.is(head.headers.get(name), poll.headers.get(name), name);
    assert.is((await fetch(url("a", "after=A"), { method: "HEAD" })).status, 410);
  }));

test("a list of origins is kept, and told to caches", () =>
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

test("other origins can be shut out altogether", () =>
  serving(server({ cors: null }), async ({ url }) => {
    assert.is((await fetch(url("a"))).headers.get("access-control-allow-origin"), null);
  }));

test("pages that may not read may not publish either, and the server's own may", () => {
  const publish: Partial<Mechanism> = {
    name: "publish",
    methods: ["POST", "DELETE"],
    accepts: () => true,
    answer: async () => ({ status: 204, headers: {} }),
  };
  const statuses = (options: ServeOptions): Promise<number[]> =>
    new Promise((resolve, reject) => {
      serving(server(options, publish), async ({ url, origin }) => {
        const origins = [undefined, origin, "https://a.example", "https://b.example", "null"];
        const answers = origins.flatMap((Origin) =>
          ["POST", "DELETE"].map((method) => fetch(url("a"), { method, headers: Origin ? { Origin } : {} })),
        );
        resolve((await Promise.all(answers)).map(({ status }) => status));
      }).catch(reject);
    });
  const all = statuses({}).then((seen) => assert.equal(seen, Array(10).fill(204)));
  const some = statuses({ cors: { origin: ["https://a.example"] } }).then((seen) =>
    assert.equal(seen, [...Array(6).fill(204), ...Array(4).fill(403)]),
  );
  const own = statuses({ cors: null }).then((seen) =>
    assert.equal(seen, [...Array(4).fill(204), ...Array(6).fill(403)]),
  );
  return Promise.all([all, some, own]).then(() => undefined);
});

test("credentials for everybody are refused at the start", () => {
  assert.throws(() => server({ cors: { credentials: true } }), /need a list of origins/);
});

for (const options of [{ maxLimit: 0 }, { defaultLimit: 1.5 }])
  test(`${JSON.stringify(options)} is refused at the start`, () => {
    assert.throws(() => server(options), RangeError);
  });

test("another path", () =>
  serving(server({ path: "/v1/:channel/events" }), async ({ origin }) => {
    assert.is((await fetch(`${origin}/v1/a/events`)).status, 200);
    assert.is((await fetch(`${origin}/channels/a`)).headers.get("tidemark"), null);
  }));

test.run();
