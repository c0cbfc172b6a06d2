// Seven tabs of a real Chromium over HTTP/1.1: six streams take all of its connections, and the seventh says so.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { MemoryLog } from "@tidemark/log-memory";
import { tidemark } from "@tidemark/server";
import { build } from "esbuild";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ensureProgram } from "../../../tools/ensure.mjs";

/** The most connections that Chromium opens to one server over HTTP/1.1, in all tabs together. */
const CONNECTIONS = 6;

/** How long the seventh tab waits for an answer, in milliseconds; it gets none, however long. */
const CONNECT_TIMEOUT_MS = 1_000;

/** A bound on liveness, in milliseconds. */
const LIMIT_MS = 60_000;

const script = `
  import { subscribe } from "@tidemark/client";
  const told = [], received = [];
  globalThis.follow = async (options) => {
    const onRetry = ({ error }) => told.push(error.message);
    for await (const { data } of subscribe("/channels/tabs", { onRetry, ...options })) received.push(data);
  };
  globalThis.seen = () => ({ told, received });`;

/** What a tab was told by the client, and what it received. */
interface Seen {
  readonly told: readonly string[];
  readonly received: readonly unknown[];
}

const seen = (tab: Page): Promise<Seen> => tab.evaluate<Seen>("seen()");
const until = (tab: Page, condition: string): Promise<unknown> =>
  tab.waitForFunction(condition, undefined, { timeout: LIMIT_MS, polling: 50 });

async function bundle(): Promise<string> {
  const resolveDir = fileURLToPath(new URL(".", import.meta.url));
  const { outputFiles } = await build({
    stdin: { contents: script, resolveDir },
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    conditions: ["source"],
  });
  return outputFiles[0]?.text ?? "";
}

async function serve(log: MemoryLog): Promise<Server> {
  const page = `<!doctype html><title>tab</title><script type="module">${await bundle()}</script>`;
  const channels = tidemark(log);
  const server = createServer((request, response) => {
    if (request.url === "/") response.setHeader("content-type", "text/html; charset=utf-8").end(page);
    else if (!channels.handle(request, response)) response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** Open the tabs before the first stream: later, there is no connection left to load a page. */
async function openTabs(context: BrowserContext, url: string): Promise<Page[]> {
  const tabs: Page[] = [];
  for (let index = 0; index <= CONNECTIONS; index++) {
    const tab = await context.newPage();
    await tab.goto(url);
    await until(tab, "globalThis.follow !== undefined");
    tabs.push(tab);
  }
  return tabs;
}

test("the seventh tab over HTTP/1.1 reports that the connections are taken, and receives when one is free", async () => {
  const log = new MemoryLog();
  await log.append("tabs", [{ json: '"first"' }]);
  const server = await serve(log);
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"];
  const browser = await chromium.launch({ executablePath: ensureProgram("chromium"), args });
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const tabs = await openTabs(await browser.newContext(), url);
    const seventh = tabs.pop() as Page;
    for (const tab of tabs) {
      await tab.evaluate("void follow({ mechanism: 'sse' })");
      await until(tab, "seen().received.length === 1");
    }
    await seventh.evaluate(
      `void follow({ connectTimeoutMs: ${CONNECT_TIMEOUT_MS}, retryDelayMs: () => 100 })`,
    );
    await until(seventh, "seen().told.length > 0");
    const { told, received } = await seen(seventh);
    assert.equal(received, []);
    assert.match(
      told[0] ?? "",
      /all tabs of a browser share six connections.*close some tabs, or serve HTTP\/2/,
    );
    // The six are still alive. Then one of them is closed, as the client advises.
    await log.append("tabs", [{ json: '"second"' }]);
    for (const tab of tabs) await until(tab, "seen().received.length === 2");
    await tabs[0]?.close();
    await until(seventh, "seen().received.length === 2");
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
    await log.dispose();
  }
});

test.run();
