import { spawn } from "node:child_process";
import { MemoryLog } from "@tidemark/log-memory";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { numbers } from "../../../testing/logs/drafts.ts";
import { type OpenedStream, openStream } from "../../../testing/servers/event-source.ts";
import { type At, serving, until } from "../../../testing/servers/serving.ts";
import { type TidemarkOptions, tidemark } from "./tidemark.ts";

interface Bench extends At {
  readonly log: MemoryLog;
  readonly cursor: string;
  readonly stats: () => { readonly streams: number; readonly held: number };
}

/** A server that allows one connection for its only principal. */
async function served(options: TidemarkOptions, run: (bench: Bench) => Promise<void>): Promise<void> {
  const log = new MemoryLog();
  const { cursor } = await log.append("a", numbers(1));
  const middleware = tidemark(log, { maxConnectionsPerPrincipal: 1, authorize: () => "anna", ...options });
  await serving(middleware, (at) => run({ ...at, log, cursor, stats: () => middleware.stats() }));
}

async function opened(url: string): Promise<OpenedStream> {
  const stream = await openStream(url);
  assert.is((await stream.item())?.type, "retry");
  assert.is((await stream.event())?.event, "$open");
  return stream;
}

/** The items of a stream until its end, except heartbeats. */
async function restOf(stream: OpenedStream): Promise<string[]> {
  const said: string[] = [];
  for (let item = await stream.item(); item; item = await stream.item()) {
    if (item.type === "comment") said.push(item.text);
    if (item.type === "retry") said.push(`retry ${item.retryMs}`);
  }
  return said;
}

test("a principal's newest stream displaces its oldest, which gets the reason and a retry time", () =>
  served({}, async ({ url, log, cursor, stats }) => {
    const old = await opened(url("a", `stream=1&after=${cursor}`));
    const young = await opened(url("a", `stream=1&after=${cursor}`));
    assert.equal(await restOf(old), ["displaced by a newer connection of the same principal", "retry 60000"]);
    assert.is(stats().streams, 1);
    await log.append("a", numbers(1, 1));
    assert.is((await young.message())?.data, "1");
  }));

test("a held poll can displace, and a displaced poll gets a page with the time to retry", () =>
  served({}, async ({ url, cursor, stats }) => {
    const first = fetch(url("a", `after=${cursor}&wait=60`));
    await until(() => stats().held === 1, "the first poll is held");
    const second = fetch(url("a", `after=${cursor}&wait=60`));
    const page = (await (await first).json()) as { retry?: number; cursor: string; messages: unknown[] };
    assert.equal(page, { messages: [], cursor, more: false, retry: 60_000 });
    await until(() => stats().held === 1, "the second poll is held");
    const stream = await opened(url("a", `stream=1&after=${cursor}`));
    assert.is(((await (await second).json()) as { retry?: number }).retry, 60_000);
    assert.equal([stats().held, stats().streams], [0, 1]);
    stream.close();
  }));

test("a client whose process is stopped does not block its user", () =>
  served({ sse: { heartbeatS: 1 } }, async ({ url, log, cursor, stats }) => {
    const code = "(await fetch(process.argv[1])).body.getReader().read().then(() => console.log('open'));";
    const ghost = spawn(process.execPath, ["--input-type=module", "-e", code, url("a", "stream=1")]);
    try {
      await new Promise((resolve) => ghost.stdout.once("data", resolve));
      ghost.kill("SIGSTOP"); // its kernel still acknowledges what is sent to it
      const stream = await opened(url("a", `stream=1&after=${cursor}`));
      assert.is(stats().streams, 1, "the stopped client holds nothing");
      await log.append("a", numbers(1, 1));
      assert.is((await stream.message())?.data, "1");
    } finally {
      ghost.kill("SIGKILL");
    }
  }));

test.run();
