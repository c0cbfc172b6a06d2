import { readFile } from "node:fs/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { curlOf } from "./curl.mjs";

test("a publish becomes a command with its header fields and its body", () => {
  const exchange = `POST /channels/a HTTP/1.1\nHost: example.com\nContent-Type: application/json\n\n{"messages":[{"data":"it's"}]}\n\nHTTP/1.1 200 OK\n\n{}\n`;
  assert.is(
    curlOf(exchange),
    `curl -i -N -X POST -H 'Content-Type: application/json' -d '{"messages":[{"data":"it'\\''s"}]}' 'http://example.com/channels/a'`,
  );
});

test("every exchange of the specification has its command", async () => {
  const examples = JSON.parse(
    await readFile(new URL("../../../spec/examples.json", import.meta.url), "utf8"),
  );
  for (const { chapter, line, request } of examples) {
    const text = await readFile(new URL(`../../../spec/${chapter}`, import.meta.url), "utf8");
    const exchange = text.split("\n").slice(line).join("\n").split("\n```")[0];
    assert.match(curlOf(exchange), `'http://example.com${request.target}'`);
  }
  assert.ok(examples.length > 30);
});

test.run();
