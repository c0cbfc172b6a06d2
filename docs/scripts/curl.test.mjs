import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { normalize, shownLatencyMs } from "./transcript.mjs";

test("docs/curl.md matches what curl and the reference server print now", () => {
  const script = fileURLToPath(new URL("curl.mjs", import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
  assert.is(status, 0, stderr);
});

test("the long poll of the page was answered within 100 ms of the publish", () => {
  const latencyMs = shownLatencyMs(readFileSync(new URL("../curl.md", import.meta.url), "utf8"));
  assert.ok(Math.abs(latencyMs) < 100, `${latencyMs} ms`);
});

test("a different order of header fields does not count, an additional field does", () => {
  const head = (...fields) => `HTTP/1.1 200 OK\n${fields.join("\n")}\n\nbody`;
  assert.is(normalize(head("B: 1", "A: 2", "Keep-Alive: timeout=5")), normalize(head("A: 2", "B: 1")));
  assert.is.not(normalize(head("A: 2")), normalize(head("A: 3")));
});

test("a swapped cursor counts as a difference", () => {
  const page = (last) => `{"cursor":"AAAAAAAAAAAA.1.bbb"}{"cursor":"AAAAAAAAAAAA.${last}.bbb"}`;
  assert.is(normalize(page(2)), normalize(page(3)));
  assert.is.not(normalize(page(1)), normalize(page(2)));
});

test.run();
