import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RunReport } from "../../../engine/model/event.ts";
import type { TestResult } from "../../../engine/model/result.ts";
import { answer, type Script, scriptedServer } from "../../../testing/scripted-server.ts";
import type { ServerOptions } from "./options.ts";
import { runServer } from "./suite.ts";

/** How long a run without a verdict may take. */
const QUICKLY_MS = 60_000;

async function reportOn(options: ServerOptions): Promise<RunReport> {
  for await (const event of runServer(options)) if (event.type === "run-finished") return event.report;
  throw new Error("no report");
}

const CLAIMS = "Tidemark: v=1, mechanisms=(poll long-poll sse), max-wait=1, publish, key-ttl=60, event";

const HTML = "<!doctype html><title>It works</title>";

/** Targets that do not speak Tidemark. */
const NULLS: Readonly<Record<string, Script>> = {
  "accepts and hangs": () => undefined,
  "closes at once": (_, socket) => socket.destroy(),
  "empty 200": (_, socket) => socket.end(answer("200 OK", [])),
  "empty JSON": (_, socket) => socket.end(answer("200 OK", ["Content-Type: application/json"], "{}")),
  "HTML 200": (_, socket) => socket.end(answer("200 OK", ["Content-Type: text/html"], HTML)),
  "500": (_, socket) => socket.end(answer("500 Internal Server Error", ["Content-Type: text/plain"], "oops")),
  echo: (request, socket) => socket.end(request.raw),
  "no HTTP": (_, socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n"),
  "another version": (_, socket) => socket.end(answer("200 OK", ["Tidemark: v=2"])),
};

for (const [name, script] of Object.entries(NULLS))
  test(`no verdict on a target that is ${name}, quickly, by any form of the URL`, async () => {
    const server = await scriptedServer(script);
    for (const path of ["/", "/channels/{channel}"]) {
      const report = await reportOn({ url: `${server.origin}${path}` });
      assert.match(report.verdict.line, /^NO VERDICT: /);
      assert.is(report.verdict.exitCode, 3);
      assert.equal(report.tests, []);
      assert.ok(report.durationMs < QUICKLY_MS);
    }
    await server.close();
  });

test("no verdict on a port where nothing listens", async () => {
  const server = await scriptedServer(() => undefined);
  await server.close();
  const report = await reportOn({ url: `${server.origin}/channels/{channel}` });
  assert.is(report.verdict.line, "NO VERDICT: target unreachable (ECONNREFUSED)");
});

test("for a target that requires credentials, the verdict says how to pass them", async () => {
  const server = await scriptedServer((_, socket) =>
    socket.end(answer("401 Unauthorized", ["Tidemark: v=1"])),
  );
  const report = await reportOn({ url: `${server.origin}/{channel}` });
  assert.match(report.verdict.line, /--header 'Authorization: env:VARIABLE'/);
  await server.close();
});

const PROBLEM_404 = answer(
  "404 Not Found",
  [CLAIMS, "Content-Type: application/problem+json"],
  '{"type":"https://tidemark.example/problems/no-such-channel","title":"x","status":404}',
);

test("no verdict on the URL of a channel that does not exist", async () => {
  const server = await scriptedServer((_, socket) => socket.end(PROBLEM_404));
  for (const path of ["/channels/mistyped", "/channels", "/"]) {
    const { verdict } = await reportOn({ url: `${server.origin}${path}` });
    assert.match(verdict.line, /^NO VERDICT: there is no channel at .*pass the URL of a channel that exists/);
  }
  await server.close();
});

test("the URL of the collection is understood, even if it is answered like a channel that does not exist", async () => {
  const page = answer(
    "200 OK",
    [CLAIMS, "Content-Type: application/json"],
    '{"messages":[],"cursor":"A1","more":false}',
  );
  const server = await scriptedServer(({ target }, socket) =>
    socket.end(/^\/channels\/./.test(target) ? page : PROBLEM_404),
  );
  const report = await reportOn({
    url: `${server.origin}/channels`,
    run: ["server/core/long-poll-implies-poll"],
  });
  assert.is(report.target.template, `${server.origin}/channels/{channel}`);
  await server.close();
});

/** Constant answers of a server that claims everything. */
const LIARS: Readonly<Record<string, string>> = {
  "an empty object": answer("200 OK", [CLAIMS, "Content-Type: application/json"], "{}"),
  "an empty page": answer(
    "200 OK",
    [CLAIMS, "Content-Type: application/json"],
    '{"messages":[],"cursor":"A1","more":false}',
  ),
  "an invalid parameter": answer(
    "400 Bad Request",
    [CLAIMS, "Content-Type: application/problem+json"],
    '{"type":"https://tidemark.example/problems/invalid-parameter","title":"x","status":400,"parameter":"after"}',
  ),
  "a gap": answer(
    "410 Gone",
    [CLAIMS, "Content-Type: application/problem+json"],
    '{"type":"https://tidemark.example/problems/gap","title":"x","status":410,"reason":"unknown","requested":"A","start":"A1","end":"A1"}',
  ),
};

/** Tests that any constant answer with the `Tidemark` header passes. */
const HEADER_TESTS = [
  "server/core/every-answer-to-a-publisher-claims",
  "server/core/long-poll-implies-poll",
  "server/core/tidemark-is-a-dictionary",
];

/** Further tests that a constant answer rightly passes. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  "an empty page": [
    "server/core/every-answer-claims",
    "server/core/gap-does-not-bear-on-a-good-position",
    "server/core/head-is-get-without-a-body",
    "server/core/head-is-not-held",
    "server/core/numbers-above-the-maximum-are-clamped",
    "server/core/public-is-readable-without-credentials",
    "server/core/unknown-parameters-are-ignored",
    "server/core/words-have-no-gap",
    "server/long-polling/no-etag",
    "server/long-polling/words-are-not-held",
    "server/polling/answers-a-page-at-once",
    "server/polling/words-are-answered-with-a-cursor",
  ],
};

for (const [name, text] of Object.entries(LIARS))
  test(`a target that claims everything and always answers ${name} passes only what it conforms to`, async () => {
    const server = await scriptedServer((_, socket) => socket.end(text));
    const report = await reportOn({ url: `${server.origin}/{channel}` });
    const idsWhere = (wanted: (test: TestResult) => boolean) =>
      report.tests.filter(wanted).map(({ id }) => id);
    const passed = idsWhere(({ outcome }) => outcome === "pass");
    // A test that is undecided because the machine is busy neither passes nor fails.
    const lagged = idsWhere(({ requirements }) => requirements.some(({ reason }) => reason === "LAGGED"));
    const kept = [...HEADER_TESTS, ...(KEPT[name] ?? [])].filter((id) => !lagged.includes(id));
    assert.equal(passed, kept.sort());
    assert.is(report.verdict.exitCode, 1);
    await server.close();
  });

test.run();
