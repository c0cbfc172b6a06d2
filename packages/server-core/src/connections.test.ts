import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ChannelRequest } from "./channel-request.ts";
import { Connections } from "./connections.ts";

interface Client {
  readonly request: ChannelRequest;
  leave(): void;
}

function client(principal = "", origin?: string): Client {
  const over = new AbortController();
  const request = {
    principal,
    headers: origin === undefined ? {} : { origin },
    signal: over.signal,
  } as unknown as ChannelRequest;
  return { request, leave: () => over.abort() };
}

test("a connection is counted until it is closed or its exchange is over, whichever is first", () => {
  const connections = new Connections({});
  const one = client();
  const two = client();
  const held = connections.open("held", one.request);
  connections.open("stream", two.request);
  assert.equal([connections.count("held"), connections.count("stream")], [1, 1]);
  held?.close();
  one.leave();
  two.leave();
  assert.equal([connections.count("held"), connections.count("stream")], [0, 0]);
  assert.is(connections.open("held", one.request), undefined, "a client that has gone holds nothing");
});

test("each bound counts its own, and what is closed makes room", () => {
  const connections = new Connections({
    maxConnections: 4,
    maxConnectionsPerPrincipal: 2,
    maxConnectionsPerOrigin: 2,
  });
  const open = (principal: string, origin?: string) =>
    connections.open("stream", client(principal, origin).request);
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
  for (let n = 0; n < 100; n++) assert.ok(connections.open("stream", client("ann").request));
});

test("draining twice asks each connection once", async () => {
  const connections = new Connections({});
  const connection = connections.open("held", client().request);
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
    const connection = connections.open(kind, client().request);
    connection?.whenLeaving(() => {
      asked.push(kind);
      connection.close();
    });
  }
  const late = connections.open("held", client().request);
  const drained = connections.drain(20);
  assert.equal(asked, ["held"]);
  assert.is(connections.open("held", client().request), undefined);
  late?.whenLeaving(() => late.close());
  await Promise.all([drained, connections.drain(20)]);
  assert.equal(asked, ["held", "stream", "stream"]);
  await connections.drain(20);
});

test.run();
