import { test } from "uvu";
import * as assert from "uvu/assert";
import { vectors } from "../scripts/vectors.ts";
import { PROBLEM_BASE, PROBLEMS, ProtocolError, parseProblem } from "./problem.ts";

test("an error of another copy of this module counts, and an error that only looks similar does not", async () => {
  const copy = (await import(`./problem.ts?${Date.now()}`)) as typeof import("./problem.ts");
  assert.is.not(copy.ProtocolError, ProtocolError);
  assert.ok(new copy.ProtocolError("gap", "x") instanceof ProtocolError);
  const similar = [
    Object.assign(new Error("x"), { name: "ProtocolError", code: "nonsense" }),
    Object.assign(new Error("x"), { name: "ProtocolError", code: "toString" }),
    Object.assign(new Error("x"), { code: "gap" }),
    { name: "ProtocolError", code: "gap" },
    undefined,
  ];
  assert.equal(
    similar.map((error) => error instanceof ProtocolError),
    similar.map(() => false),
  );
});

test("an error becomes a problem, and a client gets its code back", () => {
  const members = { parameter: "after" };
  const problem = new ProtocolError("invalid-parameter", "the parameter after is repeated", {
    members,
  }).toProblem();
  assert.equal(problem, {
    parameter: "after",
    type: "https://tidemark.example/problems/invalid-parameter",
    title: "A parameter is repeated or malformed",
    status: 400,
    detail: "the parameter after is repeated",
  });
  assert.equal(parseProblem(JSON.stringify(problem), 400), { code: "invalid-parameter", problem });
});

test("members never override the status and type of the code", () => {
  const error = new ProtocolError("closed", "no", { members: { status: 200, type: "x", end: "e.1" } });
  assert.is(error.toProblem().status, 409);
  assert.is(error.toProblem().type, `${PROBLEM_BASE}closed`);
  assert.is(error.toProblem().end, "e.1");
});

test("an error carries what Koa and `Retry-After` need", () => {
  const cause = new Error("full");
  const error = new ProtocolError("storage-full", "no room", { retryAfterS: 5, cause });
  assert.is(error.status, 507);
  assert.is(error.expose, true);
  assert.is(error.retryAfterS, 5);
  assert.is(error.cause, cause);
  assert.is(error.message, "[storage-full] no room");
  assert.not.ok("cause" in new ProtocolError("closed", "x", { cause: undefined }));
});

test("a client recognizes the problems of the protocol", () => {
  for (const [code, { status }] of Object.entries(PROBLEMS))
    assert.is(parseProblem(`{"type":"${PROBLEM_BASE}${code}"}`, status)?.code, code);
});

interface ProblemVector {
  readonly status: number;
  readonly body: string;
  readonly problem: string | null;
}

for (const { id, status, body, problem } of vectors<ProblemVector>("problems"))
  test(id, () => assert.is(parseProblem(body, status)?.code ?? null, problem));

test("a client reads a problem whose members are missing or have the wrong type", () => {
  assert.equal(parseProblem('{"type":7,"title":[],"status":"400","detail":{},"x":1}', 400), {
    code: undefined,
    problem: { x: 1, type: "about:blank", title: "", status: 0 },
  });
});

test("anything but a JSON object is not a problem", () => {
  for (const text of ["", "<html></html>", "null", "[]", '"x"', "7"])
    assert.is(parseProblem(text, 400), undefined);
});

test.run();
