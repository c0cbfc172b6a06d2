import { readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { MemoryLog } from "@tidemark/log";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readAll } from "../../server-core/test/drafts.ts";
import { type At, serving } from "../../server-core/test/serving.ts";
import { type PublishingOptions, publishing } from "./publishing.ts";

interface Bench extends At {
  readonly log: MemoryLog;
  post(body: string, headers?: Record<string, string>): Promise<Response>;
  /** The data of everything in the channel. */
  stored(): Promise<string[]>;
}

function served(options: PublishingOptions, run: (bench: Bench) => Promise<void>): Promise<void> {
  const log = new MemoryLog();
  const stored = async (): Promise<string[]> => (await readAll(log, "a")).map(({ json }) => json);
  return serving(publishing(log, options), (at) => {
    const post: Bench["post"] = (body, headers = {}) =>
      fetch(at.url("a"), {
        method: "POST",
        body,
        headers: { "Content-Type": "application/json", ...headers },
      });
    return run({ ...at, log, post, stored });
  });
}

async function refused(response: Response, problem: string): Promise<Record<string, unknown>> {
  assert.is(response.headers.get("content-type"), "application/problem+json");
  assert.is(response.headers.get("cache-control"), "no-store");
  const body = (await response.json()) as Record<string, unknown>;
  assert.is(body.type, `https://tidemark.example/problems/${problem}`);
  assert.is(body.status, response.status);
  return body;
}

test("a publish is answered with the cursors of its messages, and is in the log by then", () =>
  served({}, async ({ post, log, stored }) => {
    const response = await post(
      '{"messages":[{"data":1e20},{"event":"x","data":{"b":1,"a":[ 2 ]}}],"more":0}',
    );
    assert.is(response.status, 200);
    assert.is(response.headers.get("cache-control"), "no-store");
    assert.equal(await stored(), ["1e20", '{"b":1,"a":[2]}']);
    const cursors = (await readAll(log, "a")).map(({ cursor }) => cursor);
    assert.equal(await response.json(), { cursors, cursor: cursors[1] });
  }));

test("the query of a publish says nothing", () =>
  served({}, async ({ url, stored }) => {
    const init = {
      method: "POST",
      body: '{"messages":[{"data":1}]}',
      headers: { "Content-Type": "application/json" },
    };
    assert.is((await fetch(url("a", "after=&after=&wait=x"), init)).status, 200);
    assert.equal(await stored(), ["1"]);
  }));

test("closing", () =>
  served({}, async ({ post }) => {
    const first = await (await post('{"messages":[{"data":1}],"close":true}')).json();
    assert.is((first as { closed: boolean }).closed, true);
    const { cursor } = first as { cursor: string };
    assert.equal(await (await post('{"close":true}')).json(), { cursors: [], cursor, closed: true });
    const problem = await refused(await post('{"messages":[{"data":2}]}'), "closed");
    assert.is(problem.end, cursor);
  }));

test("append only after the end that the publisher knows", () =>
  served({}, async ({ post, stored }) => {
    const { cursor } = (await (await post('{"messages":[{"data":1}]}')).json()) as { cursor: string };
    for (const after of ["A", "start", "end"]) {
      const problem = await refused(await post(`{"messages":[{"data":2}],"after":"${after}"}`), "not-at-end");
      assert.is(problem.end, cursor);
    }
    assert.is((await post(`{"messages":[{"data":3}],"after":"${cursor}"}`)).status, 200);
    assert.equal(await stored(), ["1", "3"]);
  }));

interface BodyVector {
  readonly id: string;
  readonly body: string | { readonly base64: string };
  readonly expect?: { readonly messages: readonly { readonly data: string }[] };
  readonly problem?: string;
  readonly pointer?: string;
}

const vectors: readonly BodyVector[] = JSON.parse(
  readFileSync(new URL("../../../spec/vectors/publish-bodies.json", import.meta.url), "utf8"),
);

test("every body of the vectors is stored or refused as a whole", () =>
  served({}, async ({ log, url }) => {
    for (const { id, body, expect, problem, pointer } of vectors) {
      const bytes = bytesOf(body);
      const response = await fetch(url(id), {
        method: "POST",
        body: bytes,
        headers: { "Content-Type": "application/json" },
      });
      const stored = (await readAll(log, id)).map(({ json }) => json);
      if (expect === undefined || stored.length === 0) assert.equal(stored, [], id);
      else
        assert.equal(
          stored,
          expect.messages.map(({ data }) => data),
          id,
        );
      if (problem === undefined) continue;
      const told = await refused(response, problem);
      if (pointer !== undefined) assert.is(told.pointer, pointer, id);
    }
  }));

function bytesOf(body: BodyVector["body"]): Uint8Array<ArrayBuffer> {
  return typeof body === "string" ? Buffer.from(body) : Buffer.from(body.base64, "base64");
}

test("only JSON is read, whatever else it says of itself", () =>
  served({}, async ({ post, stored }) => {
    for (const type of ["application/json;charset=utf-8", "Application/JSON ; x=y"])
      assert.is((await post('{"messages":[{"data":1}]}', { "Content-Type": type })).status, 200, type);
    for (const type of ["text/plain", "application/jsonx", "application/problem+json", "text/json", "x"])
      await refused(await post('{"messages":[{"data":1}]}', { "Content-Type": type }), "unsupported-type");
    assert.is((await stored()).length, 2);
  }));

test("a body without a type is refused before it is read", () =>
  served({}, async ({ url }) => {
    const { origin, pathname } = new URL(url("a"));
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest(origin + pathname, {
        method: "POST",
        headers: { "Content-Length": 1_000 },
      });
      request.on("error", reject).on("response", (response) => {
        resolve(response.statusCode);
        request.destroy();
      });
      request.flushHeaders(); // and never a byte of the body
    });
    assert.is(status, 415);
  }));

test("a body that says it is too large is refused before it is read", () =>
  served({ maxBodyBytes: 100 }, async ({ url, stored }) => {
    const { status } = await half(url("a"), { "Content-Length": "101" }, []);
    assert.is(status, 413);
    assert.equal(await stored(), []);
  }));

test("a body that proves too large is refused while it comes", () =>
  served({ maxBodyBytes: 1_000 }, async ({ url, post }) => {
    const chunks = Array.from({ length: 11 }, () => " ".repeat(100));
    const { status, body } = await half(url("a"), {}, chunks);
    assert.is(status, 413);
    assert.is(JSON.parse(body).limit, 1_000);
    await refused(await post(" ".repeat(1_001)), "too-large");
    assert.is((await post('{"messages":[{"data":1}]}'.padEnd(1_000))).status, 200);
  }));

test("a body that was refused leaves its connection good for the next request", () =>
  served({ maxBodyBytes: 1_000 }, async ({ url }) => {
    const { port, pathname } = new URL(url("a"));
    const head = `POST ${pathname} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n`;
    const chunk = `2710\r\n${" ".repeat(10_000)}\r\n`;
    const large = `${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(300)}0\r\n\r\n`;
    const good = `${head}Content-Length: 26\r\nConnection: close\r\n\r\n{"messages":[{"data":12}]}`;
    const socket = connect(Number(port), "127.0.0.1");
    socket.write(large + good);
    let received = "";
    for await (const bytes of socket) received += bytes;
    assert.equal(received.match(/(?<=HTTP\/1.1 )\d+/g), ["413", "200"]);
  }));

/** Send the header fields and some chunks, never end the request, and take the answer. */
function half(
  url: string,
  headers: Record<string, string>,
  chunks: readonly string[],
): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
    });
    request.on("error", reject).on("response", async (response) => {
      let body = "";
      for await (const chunk of response) body += chunk;
      resolve({ status: response.statusCode, body });
      request.destroy();
    });
    request.flushHeaders();
    for (const chunk of chunks) request.write(chunk);
  });
}

test("too many messages are too large", () =>
  served({ maxMessages: 2 }, async ({ post, stored }) => {
    assert.is(
      (await refused(await post('{"messages":[{"data":1},{"data":2},{"data":3}]}'), "too-large")).limit,
      2,
    );
    assert.equal(await stored(), []);
  }));

test("a publish that is sent again with its key happens once, also if it closed the channel", () =>
  served({}, async ({ post, stored }) => {
    const body = '{"messages":[{"data":1}],"close":true}';
    const first = await (await post(body, { "Idempotency-Key": '"k"' })).json();
    const again = await post(body, { "Idempotency-Key": '"k"' });
    assert.is(again.status, 200);
    assert.equal(await again.json(), first);
    assert.equal(await stored(), ["1"]);
    await refused(await post('{"messages":[{"data":2}]}', { "Idempotency-Key": '"k"' }), "key-reused");
    await refused(await post(body, { "Idempotency-Key": '"other"' }), "closed");
  }));

test("a key is its principal's own", () => {
  const authorize: PublishingOptions["authorize"] = ({ headers }) => headers.authorization;
  return served({ authorize }, async ({ post, stored }) => {
    const publish = (who: string) =>
      post('{"messages":[{"data":1}]}', { "Idempotency-Key": '"k"', Authorization: who });
    for (const who of ["ann", "bob", "ann"]) assert.is((await publish(who)).status, 200);
    assert.is((await stored()).length, 2);
  });
});

test("a refused publish does not take its key", () =>
  served({}, async ({ post }) => {
    const key = { "Idempotency-Key": '"k"' };
    await refused(await post('{"messages":[{"data":1}],"after":"A"}', key), "not-at-end");
    assert.is((await post('{"messages":[{"data":1}]}', key)).status, 200);
  }));

for (const header of ["k", '""', '"a" "b"', '"é"', `"${"a".repeat(256)}"`, '"a", "b"', '"a"b"'])
  test(`the key ${header.slice(0, 20)} is refused`, () =>
    served({}, async ({ post, stored }) => {
      const response = await post('{"messages":[{"data":1}]}', { "Idempotency-Key": header });
      assert.is((await refused(response, "invalid-header")).header, "Idempotency-Key");
      assert.equal(await stored(), []);
    }));

test("where keys are not offered, one is refused and not ignored", () =>
  served({ keyTtlS: null }, async ({ post, stored }) => {
    const response = await post('{"messages":[{"data":1}]}', { "Idempotency-Key": '"k"' });
    assert.not.match(response.headers.get("tidemark") ?? "", /key-ttl/);
    await refused(response, "invalid-header");
    assert.equal(await stored(), []);
  }));

test("removal, of something and of nothing", () =>
  served({}, async ({ url, post, stored }) => {
    await post('{"messages":[{"data":1}]}');
    for (let n = 0; n < 2; n++) {
      const response = await fetch(url("a"), { method: "DELETE" });
      assert.is(response.status, 204);
      assert.is(response.headers.get("cache-control"), "no-store");
    }
    assert.equal(await stored(), []);
  }));

test("removal can be withheld", () =>
  served({ remove: false }, async ({ url }) => {
    const response = await fetch(url("a"), { method: "DELETE" });
    assert.is(response.headers.get("allow"), "POST, OPTIONS");
    await refused(response, "method-not-allowed");
  }));

test("a publisher that breaks off stores nothing", () =>
  served({}, async ({ url, stored, post }) => {
    await new Promise<void>((resolve) => {
      const request = httpRequest(url("a"), {
        method: "POST",
        headers: { "Content-Type": "application/json" },
      });
      request.on("error", () => resolve());
      request.write('{"messages":[{"data":1}]}', () => request.destroy(new Error("broken off")));
    });
    assert.is((await post('{"messages":[{"data":2}]}')).status, 200);
    assert.equal(await stored(), ["2"]);
  }));

test("channels that are not declared take no publish, and their bodies are not read", () =>
  served({ channels: () => false }, async ({ post, stored, url }) => {
    await refused(await post("no JSON"), "no-such-channel");
    assert.equal(await stored(), []);
    assert.is((await fetch(url("a"), { method: "DELETE" })).status, 204, "there is nothing to remove");
  }));

test.run();
