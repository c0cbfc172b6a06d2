import { readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readAll } from "../../../testing/logs/drafts.ts";
import { refused, served } from "../test/bench.ts";

test("a publish is answered with the cursors of its messages, after they were stored", () =>
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

test("the query of a publish is ignored", () =>
  served({}, async ({ url, stored }) => {
    const init = {
      method: "POST",
      body: '{"messages":[{"data":1}]}',
      headers: { "Content-Type": "application/json" },
    };
    assert.is((await fetch(url("a", "after=&after=&wait=x"), init)).status, 200);
    assert.equal(await stored(), ["1"]);
  }));

test("a publish can close the channel", () =>
  served({}, async ({ post }) => {
    const first = await (await post('{"messages":[{"data":1}],"close":true}')).json();
    assert.is((first as { closed: boolean }).closed, true);
    const { cursor } = first as { cursor: string };
    assert.equal(await (await post('{"close":true}')).json(), { cursors: [], cursor, closed: true });
    const problem = await refused(await post('{"messages":[{"data":2}]}'), "closed");
    assert.is(problem.end, cursor);
    assert.is((await post(`{"close":true,"after":"${cursor}"}`)).status, 200);
    assert.is((await refused(await post('{"close":true,"after":"A"}'), "not-at-end")).end, cursor);
  }));

test("with after, a publish is appended only if the channel still ends there", () =>
  served({}, async ({ post, stored }) => {
    const { cursor } = (await (await post('{"messages":[{"data":1}]}')).json()) as { cursor: string };
    for (const after of ["A", "start", "end"]) {
      const problem = await refused(await post(`{"messages":[{"data":2}],"after":"${after}"}`), "not-at-end");
      assert.is(problem.end, cursor);
    }
    assert.is((await post(`{"messages":[{"data":3}],"after":"${cursor}"}`)).status, 200);
    assert.equal(await stored(), ["1", "3"]);
  }));

const JSON_TYPE = { "Content-Type": "application/json" };

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

test("every body of the vectors is stored or rejected as a whole", () =>
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

test("only application/json is accepted, with any parameters", () =>
  served({}, async ({ post, stored }) => {
    for (const type of ["application/json;charset=utf-8", "Application/JSON ; x=y"])
      assert.is((await post('{"messages":[{"data":1}]}', { "Content-Type": type })).status, 200, type);
    for (const type of ["text/plain", "application/jsonx", "application/problem+json", "text/json", "x"])
      await refused(await post('{"messages":[{"data":1}]}', { "Content-Type": type }), "unsupported-type");
    assert.is((await stored()).length, 2);
  }));

for (const [name, headers] of Object.entries({
  "without a Content-Type": {},
  "with a content coding": { "Content-Type": "application/json", "Content-Encoding": "gzip" },
  "with two content codings": { "Content-Type": "application/json", "Content-Encoding": "identity, br" },
}))
  test(`a body ${name} is rejected before it is read`, () =>
    served({}, async ({ url }) => {
      const { status, body } = await half(url("a"), { "Content-Length": "1000", ...headers }, []);
      assert.is(status, 415);
      assert.is(JSON.parse(body).type, "https://tidemark.example/problems/unsupported-type");
    }));

test("Content-Encoding: identity is accepted", () =>
  served({}, async ({ post }) => {
    const { status } = await post('{"messages":[{"data":1}]}', { "Content-Encoding": "Identity" });
    assert.is(status, 200);
  }));

test("a body with a Content-Length that is too large is rejected before it is read", () =>
  served({ maxBodyBytes: 100 }, async ({ url, stored }) => {
    const { status } = await half(url("a"), { ...JSON_TYPE, "Content-Length": "101" }, []);
    assert.is(status, 413);
    assert.equal(await stored(), []);
  }));

test("a body that turns out too large is rejected while it arrives", () =>
  served({ maxBodyBytes: 1_000 }, async ({ url, post }) => {
    const chunks = Array.from({ length: 11 }, () => " ".repeat(100));
    const { status, body } = await half(url("a"), JSON_TYPE, chunks);
    assert.is(status, 413);
    assert.is(JSON.parse(body).limit, 1_000);
    await refused(await post(" ".repeat(1_001)), "too-large");
    assert.is((await post('{"messages":[{"data":1}]}'.padEnd(1_000))).status, 200);
  }));

test("after a rejected body, the connection serves the next request", () =>
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

/** Send the header fields and some chunks, never end the request, and read the answer. */
function half(
  url: string,
  headers: Record<string, string>,
  chunks: readonly string[],
): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: "POST", headers });
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

test("a publish with too many messages is too-large", () =>
  served({ maxMessages: 2 }, async ({ post, stored }) => {
    assert.is(
      (await refused(await post('{"messages":[{"data":1},{"data":2},{"data":3}]}'), "too-large")).limit,
      2,
    );
    assert.equal(await stored(), []);
  }));

test("a removal succeeds, whether the channel exists or not", () =>
  served({}, async ({ url, post, stored }) => {
    await post('{"messages":[{"data":1}]}');
    for (let n = 0; n < 2; n++) {
      const response = await fetch(url("a"), { method: "DELETE" });
      assert.is(response.status, 204);
      assert.is(response.headers.get("cache-control"), "no-store");
    }
    assert.equal(await stored(), []);
  }));

test("removing a channel that was never written to changes nothing; a closed empty channel is removed", () =>
  served({}, async ({ url, post, log }) => {
    const remove = () => fetch(url("a"), { method: "DELETE" });
    const end = async () => (await log.read("a", "end", { maxMessages: 1 })).cursor;
    const before = await end();
    await remove();
    assert.is(await end(), before);
    await post('{"close":true}');
    await remove();
    assert.is.not(await end(), before);
    assert.is((await post('{"messages":[{"data":1}]}')).status, 200);
  }));

test("removal can be turned off", () =>
  served({ remove: false }, async ({ url }) => {
    const response = await fetch(url("a"), { method: "DELETE" });
    assert.is(response.headers.get("allow"), "POST, OPTIONS");
    await refused(response, "method-not-allowed");
  }));

test("a publisher that disconnects in the middle stores nothing", () =>
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

test("a publish to an undeclared channel is rejected, and its body is not read", () =>
  served({ channels: () => false }, async ({ post, stored, url }) => {
    await refused(await post("no JSON"), "no-such-channel");
    assert.equal(await stored(), []);
    assert.is((await fetch(url("a"), { method: "DELETE" })).status, 204, "there is nothing to remove");
  }));

test.run();
