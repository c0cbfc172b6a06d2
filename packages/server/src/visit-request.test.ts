import { createServer, Server as HttpServer, IncomingMessage } from "node:http";
import { connect, createServer as createHttp2Server } from "node:http2";
import type { AddressInfo, Server } from "node:net";
import { MemoryLog } from "@tidemark/log-memory";
import { ChannelServer, type Visit } from "@tidemark/server-core";
import { fetchHandler } from "@tidemark/server-core/fetch";
import type { ServerMiddleware } from "@tidemark/server-core/koa";
import { mechanismsOf } from "@tidemark/server-fetch/mechanisms";
import Koa, { type Context } from "koa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { tidemark } from "./tidemark.ts";

async function at(server: Server, run: (port: number) => Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await run((server.address() as AddressInfo).port);
  } finally {
    const closed = new Promise((resolve) => server.close(resolve));
    if (server instanceof HttpServer) server.closeAllConnections();
    await closed;
  }
}

/** An application whose first middleware identifies the user. */
function application(channels: ServerMiddleware): Koa {
  const app = new Koa();
  app.silent = true;
  app.use((ctx, next) => {
    ctx.state.user = ctx.get("X-User");
    return next();
  });
  return app.use(channels);
}

/** Decides by what an earlier middleware stored. */
const byState = {
  authorize({ request: ctx }: Visit<Context>): string {
    if (ctx.state.user === "") ctx.throw(401);
    if (ctx.state.user !== "ann") ctx.throw(403);
    return ctx.state.user;
  },
};

test("through Koa, authorize gets the context, and can refuse as middleware does", async () => {
  const app = application(tidemark(new MemoryLog(), byState));
  await at(createServer(app.callback()), async (port) => {
    for (const [user, status] of [
      ["ann", 200],
      ["bob", 403],
      ["", 401],
    ] as const) {
      const url = `http://127.0.0.1:${port}/channels/a`;
      const response = await fetch(url, { headers: { "X-User": user } });
      assert.is(response.status, status);
      if (status === 200) continue;
      assert.is(response.headers.get("content-type"), "application/problem+json");
      assert.is(response.headers.get("www-authenticate"), status === 401 ? "Bearer" : null);
    }
  });
});

test("over HTTP/2, authorize gets the context too", async () => {
  const app = application(tidemark(new MemoryLog(), byState));
  await at(createHttp2Server(app.callback() as never), async (port) => {
    const session = connect(`http://127.0.0.1:${port}`);
    try {
      const stream = session.request({ ":path": "/channels/a", "x-user": "bob" });
      const status = await new Promise((resolve) =>
        stream.once("response", (headers) => resolve(headers[":status"])),
      );
      assert.is(status, 403);
    } finally {
      session.destroy();
    }
  });
});

test("through handle, authorize gets the request of node:http", async () => {
  const seen: IncomingMessage[] = [];
  const channels = tidemark(new MemoryLog(), {
    authorize({ request }) {
      if (request instanceof IncomingMessage) seen.push(request);
      return undefined;
    },
  });
  const server = createServer((req, res) => {
    Object.assign(req, { session: "of-ann" }); // as an Express middleware does
    channels.handle(req, res);
  });
  await at(server, async (port) => {
    assert.is((await fetch(`http://127.0.0.1:${port}/channels/a`)).status, 200);
    assert.equal(
      seen.map((request) => (request as IncomingMessage & { session?: string }).session),
      ["of-ann"],
    );
  });
});

test("through a web handler, authorize gets the Request", async () => {
  const seen: unknown[] = [];
  const channels = new ChannelServer<Request>(new MemoryLog(), mechanismsOf(), {
    authorize({ request }) {
      seen.push(request.headers.get("X-User"));
      return undefined;
    },
  });
  const request = new Request("http://localhost/channels/a", { headers: { "X-User": "ann" } });
  assert.is((await fetchHandler(channels)(request)).status, 200);
  assert.equal(seen, ["ann"]);
});

test.run();
