import { ProtocolError } from "@tidemark/protocol";
import { ReplyError } from "ioredis";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { asProblem } from "./failures.ts";

test("a link that fails, and a Redis that refuses for now, are told as unavailable", () => {
  const errors = [new Error("Connection is closed."), new ReplyError("LOADING Redis is loading the dataset")];
  for (const error of errors) {
    const problem = asProblem(error);
    assert.instance(problem, ProtocolError);
    assert.is((problem as ProtocolError).code, "unavailable");
    assert.is((problem as ProtocolError).cause, error);
  }
});

test("a fault of the program, and a reply that nobody expects, stay what they are", () => {
  for (const error of [
    new TypeError("x is undefined"),
    new RangeError("too far"),
    new ReplyError("ERR no such"),
  ])
    assert.is(asProblem(error), error);
});

test.run();
