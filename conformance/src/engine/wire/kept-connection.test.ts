import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Exchange } from "./exchange.ts";
import { KeptConnection } from "./kept-connection.ts";
import { buildRequest } from "./request.ts";

const LIMIT_MS = 10_000;

async function served(run: (origin: string, connections: () => number) => Promise<void>): Promise<void> {
  let connections = 0;
  const server = createServer((request, response) => response.end(`answer to ${request.url}`));
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => connections);
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}

function ask(kept: KeptConnection, url: string): Exchange {
  return new Exchange(buildRequest({ url, headers: [["Connection", "keep-alive"]] }), { kept });
}

test("requests in one packet get their own answers, on one connection", () =>
  served(async (origin, connections) => {
    const kept = new KeptConnection(new URL(origin));
    const sent = kept.together(() => ["/1", "/2", "/3"].map((path) => ask(kept, `${origin}${path}`)));
    for (const [index, exchange] of sent.entries()) {
      await exchange.done(LIMIT_MS);
      assert.is(exchange.text, `answer to /${index + 1}`);
      assert.equal(exchange.faults, []);
    }
    const later = await ask(kept, `${origin}/later`).done(LIMIT_MS);
    assert.is(later.text, "answer to /later");
    assert.is(connections(), 1);
    kept.close();
  }));

test("a dropped exchange drops the connection, because its answer would come before the next one", () =>
  served(async (origin) => {
    const kept = new KeptConnection(new URL(origin));
    ask(kept, `${origin}/1`).abort();
    assert.not(kept.isUsable);
  }));

test.run();
