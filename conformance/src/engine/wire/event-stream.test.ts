import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Block, EventStreamReader } from "./event-stream.ts";

function read(text: string, pieceBytes: number): { blocks: readonly Block[]; reader: EventStreamReader } {
  const reader = new EventStreamReader();
  const bytes = Buffer.from(text, "utf8");
  for (let at = 0; at < bytes.length; at += pieceBytes) reader.push(bytes.subarray(at, at + pieceBytes), at);
  return { blocks: reader.blocks, reader };
}

const STREAM =
  '\uFEFF: hi\r\nretry: 10\r\nevent: $open\r\ndata: {"heartbeat":15}\r\nid: A1\r\n\r\n' +
  "data: “ü😀”\nid: A2\n\nid: A3\n\n\n\nevent: x\rdata:two\rdata\rdata:  three\rid: bad\0id\r\rdata: cut";

for (const pieceBytes of [1, 2, 3, 5, 10_000])
  test(`a stream in pieces of ${pieceBytes} bytes`, () => {
    const { blocks, reader } = read(STREAM, pieceBytes);
    assert.is(blocks.length, 4);
    assert.equal(
      blocks.map(({ event, data, id, lastId, retryMs }) => ({ event, data, id, lastId, retryMs })),
      [
        { event: "$open", data: '{"heartbeat":15}', id: "A1", lastId: "A1", retryMs: 10 },
        { event: "message", data: "“ü😀”", id: "A2", lastId: "A2", retryMs: undefined },
        { event: undefined, data: undefined, id: "A3", lastId: "A3", retryMs: undefined },
        { event: "x", data: "two\n\n three", id: undefined, lastId: "A3", retryMs: undefined },
      ],
    );
    assert.equal(blocks[0]?.lines[0], { name: "", value: "hi" });
    assert.equal(reader.unfinished, [{ name: "data", value: "cut" }]);
  });

test("comments alone are not a block, wherever they occur", () => {
  const { blocks, reader } = read(
    ": ok\n: padding\n\nevent: $open\n: in a block\ndata: {}\n\n: keep-alive\n\n",
    100,
  );
  assert.equal(
    blocks.map(({ event, lines }) => [event, lines.length]),
    [["$open", 3]],
  );
  assert.is(reader.commentsAlone, 3);
  assert.equal(reader.unfinished, []);
});

test("an empty id clears the last id; an invalid retry is ignored", () => {
  const { blocks } = read("data: 1\nid: A\n\ndata: 2\nid\nretry: 1s\n\n", 100);
  assert.is(blocks[1]?.lastId, "");
  assert.is(blocks[1]?.retryMs, undefined);
});

test.run();
