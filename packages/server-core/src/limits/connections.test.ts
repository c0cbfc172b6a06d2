import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ChannelRequest } from "../request/channel-request.ts";
import { type ConnectionLimits, Connections } from "./connections.ts";

function client(principal = "", origin?: string, isOver = false): ChannelRequest {
  const headers = origin === undefined ? {} : { origin };
  return { principal, headers, isOver } as unknown as ChannelRequest;
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
  assert.is(connections.open("held", gone), undefined, "a client that has disconnected holds nothing");
});

test("each limit counts separately, and a closed connection makes room", () => {
  const connections = new Connections({ maxConnections: 4, maxConnectionsPerOrigin: 2 });
  const open = (principal: string, origin?: string) => connections.open("stream", client(principal, origin));
  const first = open("ann", "https://a.example");
  assert.ok(first);
  assert.ok(open("ann", "https://b.example"));
  assert.ok(open("bob", "https://a.example"));
  assert.is(open("cid", "https://a.example"), undefined, "two for the origin");
  assert.ok(open(""));
  assert.is(open(""), undefined, "four in all");
  first.close();
  assert.ok(open("ann", "https://a.example"));
});

/** Streams that close when they have to leave, and the reasons that they got, by number. */
class Places {
  readonly connections: Connections;
  readonly told: string[] = [];
  #opened = 0;

  constructor(limits: ConnectionLimits) {
    this.connections = new Connections(limits);
  }

  /** Returns its number; undefined if it was refused. `leaves: false`: it does not close yet. */
  open(principal: string, origin?: string, leaves = true): number | undefined {
    const connection = this.connections.open("stream", client(principal, origin));
    if (!connection) return undefined;
    const number = ++this.#opened;
    connection.whenLeaving((reason) => {
      this.told.push(`${number} ${reason.why}${reason.why === "displaced" ? ` ${reason.retryMs}` : ""}`);
      if (leaves) connection.close();
    });
    return number;
  }
}

test("a connection above a principal's limit displaces the principal's oldest, and no other", () => {
  const places = new Places({ maxConnectionsPerPrincipal: 2 });
  for (const principal of ["ann", "bob", "ann", "", "ann", "ann", ""]) assert.ok(places.open(principal));
  assert.equal(places.told, ["1 displaced 60000", "3 displaced 60000"]);
  assert.is(places.connections.count("stream"), 5);
});

test("a limit of 0 admits no connection, and displaces none", () => {
  const places = new Places({ maxConnectionsPerPrincipal: 0 });
  assert.is(places.open("ann"), undefined);
  assert.equal(places.told, []);
});

test("no connection is displaced if that would make no room", () => {
  const all = new Places({ maxConnections: 1, maxConnectionsPerPrincipal: 1 });
  assert.ok(all.open("ann"));
  assert.is(all.open("bob"), undefined, "the server is full");
  assert.ok(all.open("ann"), "its own place is one");
  assert.equal(all.told, ["1 displaced 60000"]);
  const origin = new Places({ maxConnectionsPerPrincipal: 1, maxConnectionsPerOrigin: 1 });
  origin.open("ann", "https://a.example");
  origin.open("bob", "https://b.example");
  assert.is(origin.open("bob", "https://a.example"), undefined, "the origin is at its limit");
  assert.ok(origin.open("bob", "https://b.example"));
  assert.equal(origin.told, ["2 displaced 60000"]);
});

test("a displaced connection counts for the whole server until it has closed", () => {
  const places = new Places({ maxConnections: 1, maxConnectionsPerPrincipal: 1 });
  places.open("ann", undefined, false);
  assert.is(places.open("ann"), undefined);
  assert.equal(places.told, ["1 displaced 60000"]);
  assert.is(places.connections.count("stream"), 1);
});

test("null sets no limit", () => {
  const connections = new Connections({ maxConnections: null, maxConnectionsPerPrincipal: null });
  for (let n = 0; n < 100; n++) assert.ok(connections.open("stream", client("ann")));
});

test("draining twice notifies each connection once", async () => {
  const connections = new Connections({});
  const connection = connections.open("held", client());
  let asked = 0;
  connection?.whenLeaving(() => asked++);
  const drained = Promise.all([connections.drain(0), connections.drain(0)]);
  connection?.close();
  await drained;
  assert.is(asked, 1);
});

test("draining ends held requests at once and streams over time, accepts no more, and resolves after the last", async () => {
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
