// A set-up request takes the id of a session from its response, and a second session gets nothing of the first.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runOn } from "./judge/run.ts";

const FIELDS = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-store",
  "X-Accel-Buffering": "no",
};

interface Sent {
  readonly session: string;
  readonly id: number;
}

/** A server of sessions, each with its own events in one store. A leaking one resumes from any session's id. */
async function startSessions(leaks: boolean): Promise<{ readonly origin: string; close(): Promise<void> }> {
  const store: Sent[] = [];
  const readers = new Map<ServerResponse, string>();
  const write = (res: ServerResponse, { session, id }: Sent): unknown =>
    res.write(`id: ${id}\ndata: {"n":${id},"for":"${session}"}\n\n`);
  const timer = setInterval(() => {
    for (const session of new Set(readers.values())) {
      const sent = { session, id: store.length + 1 };
      store.push(sent);
      for (const [res, name] of readers) if (name === session) write(res, sent);
    }
  }, 100);
  const server = createServer((req, res) => {
    if (req.method === "POST")
      return void res.end(JSON.stringify({ session: { id: randomUUID() }, path: req.url }));
    const session = req.headers.session?.toString();
    if (!session) return void res.writeHead(401).end();
    res.writeHead(200, FIELDS).write(": welcome\n\n");
    const last = Number(req.headers["last-event-id"] ?? store.length);
    const missed = store.slice(last).filter((sent) => leaks || sent.session === session);
    for (const sent of missed) write(res, sent);
    readers.set(res, session);
    res.once("close", () => readers.delete(res));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async (): Promise<void> => {
    clearInterval(timer);
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

async function isolationOf(leaks: boolean): Promise<string | undefined> {
  const { origin, close } = await startSessions(leaks);
  try {
    const { summary } = await runOn(`${origin}/events`, {
      observeMs: 2_000,
      setup: [{ url: `${origin}/sessions`, take: { session: "json /session/id" } }],
      headers: [{ name: "Session", value: "{session}", secrets: [] }],
      promises: { isolation: "session" },
      run: ["sse/resuming/isolation"],
    });
    return summary?.requirements.find(({ requirement }) => requirement === "ES-RESUME-10")?.standing;
  } finally {
    await close();
  }
}

test("a server that keeps sessions apart is verified", async () =>
  assert.is(await isolationOf(false), "verified"));

test("a server that resumes from another session's id violates its promise", async () =>
  assert.is(await isolationOf(true), "violated"));

test.run();
