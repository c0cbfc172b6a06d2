import { mock } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { Agent, errors, fetch } from "undici";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openHeldServer } from "../test/held-server.ts";
import { HOUR_MS, pass } from "../test/undici-clock.ts";
import { createAgent, HEADERS_TIMEOUT_MS } from "./agent.ts";

/** Why a promise failed; undefined if it did not. */
function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.cause : error),
  );
}

test("a body that is silent for an hour is not cut, as it is by an ordinary agent", async () => {
  const server = await openHeldServer();
  const begin = async (path: string, dispatcher: Agent) => {
    const asked = fetch(server.url + path, { dispatcher });
    const { response } = await server.next(path);
    response.write("first");
    const reader = (await asked).body?.getReader();
    assert.is((await reader?.read())?.value?.length, 5);
    return { response, more: Promise.resolve(reader?.read()) };
  };
  const patient = await begin("/patient", createAgent());
  const ordinary = await begin("/ordinary", new Agent());
  const cut = failure(ordinary.more);
  pass(HOUR_MS);
  assert.instance(await cut, errors.BodyTimeoutError);
  patient.response.end("second");
  assert.is((await patient.more)?.value?.length, 6);
  server.close();
});

test("the headers may take as long as the longest wait, and not forever", async () => {
  const server = await openHeldServer();
  const ask = async (path: string, dispatcher: Agent) => {
    const answer = fetch(server.url + path, { dispatcher });
    const failed = failure(answer);
    return { answer, failed, held: await server.next(path) };
  };
  const patient = await ask("/patient", createAgent());
  const forgotten = await ask("/forgotten", createAgent());
  const ordinary = await ask("/ordinary", new Agent());
  pass(HOUR_MS);
  assert.instance(await ordinary.failed, errors.HeadersTimeoutError);
  patient.held.response.end("late");
  assert.is(await (await patient.answer).text(), "late");
  pass(HEADERS_TIMEOUT_MS);
  assert.instance(await forgotten.failed, errors.HeadersTimeoutError);
  server.close();
});

test("two polls 25 s apart share a connection, which an ordinary agent closes", async () => {
  const server = await openHeldServer();
  const poll = async (path: string, dispatcher: Agent) => {
    const asked = fetch(server.url + path, { dispatcher });
    const { request, response } = await server.next(path);
    response.end("[]");
    await (await asked).text();
    await turn(); // the connection is free once the answer has been read
    return request.socket;
  };
  const patient = createAgent();
  const ordinary = new Agent();
  mock.timers.enable({ apis: ["setTimeout"] }); // idle connections are closed by a timer of Node
  try {
    const first = await poll("/patient", patient);
    const firstOrdinary = await poll("/ordinary", ordinary);
    mock.timers.tick(25_000);
    assert.ok((await poll("/patient", patient)) === first);
    assert.not.ok((await poll("/ordinary", ordinary)) === firstOrdinary);
  } finally {
    mock.timers.reset();
    server.close();
  }
});

test.run();
