import { test } from "uvu";
import * as assert from "uvu/assert";
import { json } from "./answers.ts";
import { Origin } from "./origin.ts";
import type { SeenRequest } from "./seen-request.ts";

const POST = { method: "POST", body: "{}" };

test("for browsers, any page can read every answer, and tests do not see preflight requests", async () => {
  const origin = await new Origin(true).listen();
  const seen: SeenRequest[] = [];
  origin.handle("/c", (reply) => {
    seen.push(reply.request);
    json(200, "{}")(reply);
  });
  const asked = { "access-control-request-headers": "idempotency-key" };
  const preflight = await fetch(`${origin.url}/c`, { method: "OPTIONS", headers: asked });
  assert.is(preflight.status, 204);
  assert.is(preflight.headers.get("access-control-allow-headers"), "idempotency-key");
  // On a reused connection a browser itself repeats a request that was reset.
  assert.is(preflight.headers.get("connection"), "close");
  const answer = await fetch(`${origin.url}/c`, POST);
  assert.is(answer.headers.get("access-control-allow-origin"), "*");
  assert.equal(
    seen.map(({ method }) => method),
    ["POST"],
  );
  await origin.close();
});

test("for other clients, an answer is sent as scripted", async () => {
  const origin = await new Origin().listen();
  origin.handle("/c", json(200, "{}"));
  assert.is(origin.urlOf("/c"), `${origin.url}/c`);
  const answer = await fetch(origin.urlOf("/c"), POST);
  assert.is(answer.headers.get("access-control-allow-origin"), null);
  await origin.close();
});

test.run();
