import { test } from "uvu";
import * as assert from "uvu/assert";
import { concat, latin1 } from "./bytes.ts";
import { ResponseParser } from "./response-parser.ts";

interface Parsed {
  readonly parser: ResponseParser;
  readonly body: string;
}

/** Parse an answer in pieces of this many bytes; with `end`, the peer closes after it. */
function parse(text: string, pieceBytes: number, method = "GET", end = false): Parsed {
  const parts: Uint8Array[] = [];
  const parser = new ResponseParser(method, (bytes) => parts.push(bytes));
  const bytes = Buffer.from(text, "latin1");
  for (let at = 0; at < bytes.length; at += pieceBytes) parser.push(bytes.subarray(at, at + pieceBytes));
  if (end) parser.end();
  return { parser, body: latin1(concat(parts)) };
}

const CHUNKED =
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n5;x=1\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: x\r\n\r\n";

for (const pieceBytes of [1, 2, 3, 7, 1000]) {
  test(`chunked, in pieces of ${pieceBytes}`, () => {
    const { parser, body } = parse(CHUNKED, pieceBytes);
    assert.is(body, "hello world");
    assert.ok(parser.complete);
    assert.equal(parser.faults, []);
  });

  test(`content-length, in pieces of ${pieceBytes}`, () => {
    const { parser, body } = parse("HTTP/1.1 200 \r\ncontent-LENGTH:  3\r\nX: a:b \r\n\r\nabc", pieceBytes);
    assert.is(body, "abc");
    assert.ok(parser.complete);
    assert.equal(parser.head?.headers, [
      ["content-LENGTH", "3"],
      ["X", "a:b"],
    ]);
  });

  test(`close-delimited HTTP/1.0, in pieces of ${pieceBytes}`, () => {
    const { parser, body } = parse(
      "HTTP/1.0 200 OK\nContent-Type: text/plain\n\nabc\n",
      pieceBytes,
      "GET",
      true,
    );
    assert.is(body, "abc\n");
    assert.is(parser.head?.version, "1.0");
    assert.ok(parser.complete);
    assert.equal(parser.faults, []);
  });

  test(`an interim answer is skipped, in pieces of ${pieceBytes}`, () => {
    const { parser } = parse("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", pieceBytes);
    assert.is(parser.head?.status, 204);
    assert.ok(parser.complete);
  });
}

test("HEAD, 204 and 304 have no body whatever Content-Length says", () => {
  assert.ok(parse("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", 100, "HEAD").parser.complete);
  assert.ok(parse("HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n", 100).parser.complete);
});

test("faults are recorded, not thrown", () => {
  const faultsOf = (text: string, method = "GET"): string =>
    parse(text, 1, method, true).parser.faults.join("; ");
  assert.match(faultsOf("SSH-2.0-OpenSSH\r\n"), "does not begin with HTTP/");
  assert.match(faultsOf("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"), "ended inside the body");
  assert.match(
    faultsOf("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
    "chunk size is not a number",
  );
  assert.match(
    faultsOf("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
    "two different",
  );
  assert.match(faultsOf("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabc"), "after the end of the answer");
  assert.match(faultsOf("HTTP/1.1 200 OK\r\nno colon\r\n\r\n"), "header line is malformed");
  assert.match(faultsOf("HTTP/1.1 2"), "before a whole head");
});

test.run();
