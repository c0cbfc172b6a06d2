// What public contract tests of event stream clients check, and some clients fail: forms of streams, requests,
// and reconnection.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fastWatchdogs } from "../../../../testing/clients/fast-watchdogs.ts";
import {
  type Answering,
  cut,
  end,
  foreign,
  hang,
  scriptedOrigin,
} from "../../../../testing/servers/scripted-origin.ts";
import { gone, idsSent, plain, read } from "../../test/read-all.ts";
import { readEventStream } from "../event-stream.ts";

const textOf = (data: string, id = "") => ({ event: "message", data, id });

/** Each part in a write of its own. */
function parts(...chunks: readonly (string | Uint8Array)[]): Answering {
  return plain("", async (response, asked) => {
    for (const chunk of chunks) await new Promise<void>((resolve) => response.write(chunk, () => resolve()));
    return end(response, asked);
  });
}

for (const [name, chunks, expected] of [
  ["a byte order mark in three chunks", [[0xef], [0xbb], [0xbf], "data: 1\n\n"], [textOf("1")]],
  ["a second byte order mark", ["\ufeff\ufeffdata: 0\ndata: 1\n\n"], [textOf("1")]],
  [
    "CRLF split between chunks",
    ["data: 1\r", "\ndata: 2\r", "\n\r", "\ndata: 3\r\n\r\n"],
    [textOf("1\n2"), textOf("3")],
  ],
  ["an empty comment, and a comment with a colon", [":\n", "::\n:data: 0\ndata: 1\n\n"], [textOf("1")]],
  ["a comment after an event", ["data: 1\n\n:x\n\n", "data: 2\n\n"], [textOf("1"), textOf("2")]],
  [
    "a character split between chunks",
    [[0x64, 0x61, 0x74, 0x61, 0x3a, 0xf0, 0x9f], [0x98], [0x80, 0x0a, 0x0a]],
    [textOf("😀")],
  ],
  ["invalid bytes", [[0x64, 0x61, 0x74, 0x61, 0x3a, 0xff, 0x0a, 0x0a]], [textOf("\ufffd")]],
  ["an event without data, and a name that ends with it", ["event: a\n\ndata: 1\n\n"], [textOf("1")]],
  ["only the first space is dropped", ["data:  1\ndata:2\n\n"], [textOf(" 1\n2")]],
  [
    "the last name counts, and an empty one is none",
    ["event: a\nevent: b\ndata: 1\n\nevent: a\nevent:\ndata: 2\n\n"],
    [{ event: "b", data: "1", id: "" }, textOf("2")],
  ],
] as const)
  test(`reads ${name}`, async () => {
    const script = parts(
      ...chunks.map((chunk) => (typeof chunk === "string" ? chunk : Uint8Array.from(chunk))),
    );
    assert.equal((await read([script, gone])).items, expected);
  });

test("an event ended by CR is delivered at once, without the byte after it", async () => {
  const origin = await scriptedOrigin(plain("data: 1\r\r", hang));
  const stream = readEventStream(origin.url);
  assert.equal((await stream.next()).value, textOf("1"));
  await stream.return();
  await origin.close();
});

test("an event of 8 MiB in many chunks is whole", async () => {
  const line = "x".repeat(65_535);
  const lines = Array.from({ length: 128 }, () => line);
  const { items } = await read([parts(...lines.map((text) => `data: ${text}\n`), "\n"), gone]);
  assert.equal(items, [textOf(lines.join("\n"))]);
});

test("asks for an event stream, past every cache, with the application's headers", async () => {
  const headers = { "X-Own": "1", Authorization: "Bearer a" };
  const { origin } = await read([gone], { headers });
  const [asked] = origin.asked;
  const { accept, "cache-control": cache, "x-own": own, authorization } = asked?.headers ?? {};
  assert.equal(
    [asked?.method, accept, cache, own, authorization],
    ["GET", "text/event-stream", "no-cache", "1", "Bearer a"],
  );
  assert.equal([asked?.body, asked?.headers["last-event-id"]], ["", undefined]);
});

for (const method of ["POST", "PUT", "REPORT"])
  test(`every attempt of a ${method} sends the body, the headers and the last id`, async () => {
    const options = { method, body: "a=ü", headers: { "content-type": "text/plain", "x-own": "1" } };
    const seen = await read(
      [plain("id: 1\ndata: a\n\n", cut), foreign(503), plain("data: b\n\n", cut), gone],
      options,
    );
    assert.equal(seen.items, [textOf("a", "1"), textOf("b", "1")]);
    for (const { method: sent, body, headers } of seen.origin.asked)
      assert.equal(
        [sent, body, headers["x-own"], headers["content-type"]],
        [method, "a=ü", "1", "text/plain"],
      );
    assert.equal(idsSent(seen), [undefined, "1", "1", "1"]);
  });

test("reconnects after a refused first request, an end, a cut and a failure in between", async () => {
  const seen = await read([
    foreign(500),
    plain("id: 1\ndata: a\n\n"),
    foreign(502),
    cut,
    plain("id: 2\ndata: b\n\n", cut),
    gone,
  ]);
  assert.equal(seen.items, [textOf("a", "1"), textOf("b", "2")]);
  assert.equal(idsSent(seen), [undefined, undefined, "1", "1", "1", "2"]);
});

test("follows redirects, sends the last id to their target, and asks the first URL again", async () => {
  for (const status of [301, 302, 303, 307, 308]) {
    const target = await scriptedOrigin(plain("id: 1\ndata: a\n\n", cut), gone);
    const redirect: Answering = (response) => {
      response.writeHead(status, { location: target.url });
      response.end();
    };
    const seen = await read([redirect, redirect]);
    assert.equal([seen.items, seen.error], [[textOf("a", "1")], undefined]);
    assert.is(seen.origin.asked.length, 2);
    assert.equal(
      target.asked.map(({ headers }) => headers["last-event-id"]),
      [undefined, "1"],
    );
    await target.close();
  }
});

test("a read time-out applies before the head, after the head, and between bytes", async () => {
  for (const script of [hang, plain("", hang), plain("data: a", hang)]) {
    let isFirst = true; // the answer to the second request may take its time
    const seen = await read([script, gone], {
      silenceMs: 3_000,
      connectTimeoutMs: 3_000,
      delay: (ms, signal, purpose) => fastWatchdogs(isFirst ? ms : 100 * ms, signal, purpose),
      onRetry: () => {
        isFirst = false;
      },
    });
    assert.equal([seen.items, seen.error, seen.origin.asked.length], [[], undefined, 2]);
  }
});

test("the wait after a failure is at least the stream's retry, and a retry that is not digits is ignored", async () => {
  const { waits } = await read([plain("retry: 9000\nretry: 1e3\nretry:\nretry: -1\ndata: a\n\n"), gone]);
  assert.equal(waits, [9_000]);
});

test.run();
