import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ChannelRequest } from "./channel-request.ts";
import { Connections } from "./connections.ts";

function client(principal = "", origin?: string, isOver = false): ChannelRequest {
  const headers = origin === undefined ? {} : { origin };
  return { principal, headers, exchange: { isOver } } as unknown as ChannelRequest;
}

test("a connection is counted until it is closed, once", () => {
  const connections = new Connections({});
  const held = connections.open("held", client());
  const stream = connections.open("stream", client());
  assert.equal([connections.count("held"), connections.count("stream")], [1, 1]);
  held?.close();
  held?.close();
  stream?.close();
  assert.equal([connections.count("held"), connections.count("stream")], [0, 0]);
  const gone = client("", undefined, true);
  assert.is(connections.open("held", gone), undefined, "a client that has gone holds nothing");
});

test("each bound counts its own, and what is closed makes room", () => {
  const connections = new Connections({
    maxConnections: 4,
    maxConnectionsPerPrincipal: 2,
    maxConnectionsPerOrigin: 2,
  });
  const open = (principal: string, origin?: string) => connections.open("stream", client(principal, origin));
  const first = open("ann", "https://a.example");
  assert.ok(first);
  assert.ok(open("ann", "https://b.example"));
  assert.is(open("ann", "https://c.example"), undefined, "two for ann");
  assert.ok(open("bob", "https://a.example"));
  assert.is(open("cid", "https://a.example"), undefined, "two for the origin");
  assert.ok(open(""));
  assert.is(open(""), undefined, "four in all");
  first.close();
  assert.ok(open("ann", "https://a.example"));
});

test("null is no bound", () => {
  const connections = new Connections({ maxConnections: null, maxConnectionsPerPrincipal: null });
  for (let n = 0; n < 100; n++) assert.ok(connections.open("stream", client("ann")));
});

test("draining twice asks each connection once", async () => {
  const connections = new Connections({});
  const connection = connections.open("held", client());
  let asked = 0;
  connection?.whenLeaving(() => asked++);
  const drained = Promise.all([connections.drain(0), connections.drain(0)]);
  connection?.close();
  await drained;
  assert.is(asked, 1);
});

test("draining asks held requests at once and streams in time, takes none any more, and ends with the last", async () => {
  const connections = new Connections({});
  const asked: string[] = [];
  for (const kind of ["held", "stream", "stream"] as const) {
    const connection = connections.open(kind, client());
    connection?.whenLeaving(() => {
      asked.push(kind);
      connection.close();
    });
  }
  const late = connections.open("held", client());
  const drained = connections.drain(20);
  assert.equal(asked, ["held"]);
  assert.is(connections.open("held", client()), undefined);
  late?.whenLeaving(() => late.close());
  await Promise.all([drained, connections.drain(20)]);
  assert.equal(asked, ["held", "stream", "stream"]);
  await connections.drain(20);
});

test.run();
