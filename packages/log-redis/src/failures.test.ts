import { ProtocolError } from "@tidemark/protocol";
import { ReplyError } from "ioredis";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { asProblem } from "./failures.ts";

test("a failed connection and a temporary rejection by Redis are reported as unavailable", () => {
  const errors = [new Error("Connection is closed."), new ReplyError("LOADING Redis is loading the dataset")];
  for (const error of errors) {
    const problem = asProblem(error);
    assert.instance(problem, ProtocolError);
    assert.is((problem as ProtocolError).code, "unavailable");
    assert.is((problem as ProtocolError).cause, error);
  }
});

test("programming errors and unexpected replies are left unchanged", () => {
  for (const error of [
    new TypeError("x is undefined"),
    new RangeError("too far"),
    new ReplyError("ERR no such"),
  ])
    assert.is(asProblem(error), error);
});

test.run();
