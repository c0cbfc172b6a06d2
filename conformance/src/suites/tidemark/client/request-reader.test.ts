import { test } from "uvu";
import * as assert from "uvu/assert";
import { text, utf8 } from "../../../engine/wire/bytes.ts";
import { RequestReader } from "./request-reader.ts";

const TWO = [
  "POST /a?x=1 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
  "POST /b HTTP/1.1\r\nContent-Length: 4\r\n\r\né12",
].join("");

for (const size of [1, 7, 1_000])
  test(`two requests on one connection, ${size} bytes at a time`, () => {
    const reader = new RequestReader();
    const bytes = utf8(TWO);
    const seen = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      reader.push(bytes.subarray(index * size, (index + 1) * size)),
    ).flat();
    assert.equal(
      seen.map(({ method, target, body }) => [method, target, text(body)]),
      [
        ["POST", "/a?x=1", "abcde"],
        ["POST", "/b", "é12"],
      ],
    );
  });

test.run();
