import { same, sameList } from "../../../../../engine/model/claim.ts";
import { type Channel, withQuery } from "../../../../../engine/wire/channel.ts";
import type { Exchange } from "../../../../../engine/wire/exchange.ts";
import type { KeptConnection } from "../../../../../engine/wire/kept-connection.ts";
import type { RequestInit } from "../../../../../engine/wire/request.ts";
import { readPage } from "../../../read/page.ts";
import { answered } from "../../../read/problem.ts";
import { served } from "../../../read/served.ts";
import { EventStream } from "../../../read/stream.ts";
import type { Query, TestContext } from "../../context/context.ts";
import { cursorsOf, fill } from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";

/** Send a request on a kept connection, and wait for the whole answer. */
function askOn(t: TestContext, connection: KeptConnection, init: RequestInit): Promise<Exchange> {
  const headers = [...(init.headers ?? []), ["Connection", "keep-alive"] as const];
  return t.finish(t.send({ ...init, headers }, connection));
}

/** The cursors of the page in an answer, or why it is not one. */
function seen(exchange: Exchange): readonly string[] {
  const page = readPage(exchange);
  return typeof page === "string" ? [page] : cursorsOf(page.messages);
}

/** Requests as clients and proxies send them: several on one connection, and by HTTP/1.0. */
export const keptConnectionTests: readonly TestDefinition[] = [
  {
    id: "server/core/second-request-on-a-kept-connection",
    title: "Requests one after the other on a kept connection are answered as on connections of their own",
    requirements: ["CORE-POSITION-1"],
    needs: ["poll", "messages"],
    async run(t) {
      const channel = t.channel();
      const cursors = cursorsOf(await fill(t, channel, 4));
      const connection = t.connect(channel.url);
      for (const after of ["start", cursors[0] ?? "", cursors[2] ?? "", cursors[0] ?? ""]) {
        if (!connection.isUsable) break; // a server may close a connection after any answer
        const init = { url: withQuery(channel.url, { after }) };
        const kept = await askOn(t, connection, init);
        if (kept.status === undefined && kept.received.length === 0) break;
        const own = await t.ask(init);
        const what = `the page after ${after === "start" ? after : `message ${cursors.indexOf(after) + 1}`} on a kept connection`;
        t.check("CORE-POSITION-1", sameList(what, seen(kept), seen(own)), kept);
      }
      connection.close();
    },
  },
  {
    id: "server/core/request-after-a-refused-body",
    title:
      "After a publish was refused without reading its body, the next request on the connection is served",
    requirements: ["CORE-CLAIM-3"],
    needs: ["poll", "publishing", "channels"],
    async run(t) {
      const channel = t.channel();
      await fill(t, channel, 1);
      const connection = t.connect(channel.url);
      const post = await askOn(t, connection, {
        method: "POST",
        url: channel.url,
        headers: [["Content-Type", "text/plain"]],
        body: "GET /not-a-request HTTP/1.1\r\n\r\n".repeat(100),
      });
      t.need(answered("the refusal of a text", post, 415));
      if (!connection.isUsable || /close/i.test(post.header("connection") ?? ""))
        return void t.check(
          "CORE-CLAIM-3",
          served("a read on another connection", await t.get(channel, START)),
        );
      const next = await askOn(t, connection, { url: withQuery(channel.url, START) });
      connection.close();
      if (next.status === undefined && next.received.length === 0)
        return t.notApplicable("the connection was closed");
      t.check("CORE-CLAIM-3", served("the next read on the connection", next), next);
    },
  },
  {
    id: "server/sse/stream-over-http-1-0",
    title: "A stream that is requested by HTTP/1.0 is not sent in chunks, which such a client cannot read",
    requirements: ["SSE-STREAM-1"],
    needs: ["sse"],
    async run(t) {
      const stream = await openBy10(t, t.channel(), { stream: 1, after: "end" });
      const coding = stream.exchange.header("transfer-encoding");
      t.check(
        "SSE-STREAM-1",
        same("Transfer-Encoding of the answer to HTTP/1.0", coding, undefined),
        stream.exchange,
      );
      t.check("SSE-STREAM-1", same("its first event", stream.blocks[0]?.event, "$open"), stream.exchange);
    },
  },
];

const START: Query = { after: "start" };

/** Start a read by SSE in HTTP/1.0, and wait for its first block. */
async function openBy10(t: TestContext, channel: Channel, query: Query): Promise<EventStream> {
  const stream = new EventStream(t.send({ url: withQuery(channel.url, query), version: "1.0" }));
  await t.until(stream.exchange, () => stream.blocks.length > 0);
  t.need(same("the status of a stream by HTTP/1.0", stream.exchange.status, 200));
  return stream;
}
