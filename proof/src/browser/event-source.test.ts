// Runs the EventSource of a real Chromium against a server that keeps dropping the connection.
import type { Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { MemoryLog } from "@tidemark/log-memory";
import { tidemark } from "@tidemark/server";
import Koa from "koa";
import { type Browser, chromium, type Page } from "playwright-core";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ensureProgram } from "../../../tools/ensure.mjs";

const MESSAGES = 1000;
const DROPS = 20;

const script = `
  const received = [], ids = [];
  let opens = 0;
  const source = new EventSource("/channels/browser");
  source.onopen = () => { opens += 1; };
  source.onmessage = (event) => { received.push(JSON.parse(event.data)); ids.push(event.lastEventId); };
  globalThis.seen = () => ({ received, ids, opens, state: source.readyState });`;

interface Seen {
  readonly received: readonly number[];
  readonly ids: readonly string[];
  readonly opens: number;
  readonly state: number;
}

interface Context {
  log: MemoryLog;
  server: Server;
  sockets: Set<Socket>;
  browser: Browser;
  page: Page;
}

const browserTest = suite<Context>("event-source");

browserTest.before(async (context) => {
  context.log = new MemoryLog();
  const app = new Koa();
  app.silent = true; // connections are dropped on purpose
  app.use(async (ctx, next) => {
    if (ctx.path !== "/") return next();
    ctx.type = "html";
    ctx.body = `<!doctype html><title>reader</title><script>${script}</script>`;
  });
  app.use(tidemark(context.log, { sse: { retryMs: 20 } }));
  context.server = app.listen(0, "127.0.0.1");
  context.sockets = new Set();
  context.server.on("connection", (socket) => {
    context.sockets.add(socket);
    socket.once("close", () => context.sockets.delete(socket));
  });
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"];
  args.push("--disable-background-networking", "--disable-component-update");
  context.browser = await chromium.launch({ executablePath: ensureProgram("chromium"), args });
  context.page = await context.browser.newPage();
  await context.page.goto(`http://127.0.0.1:${(context.server.address() as AddressInfo).port}/`);
});

browserTest.after(async ({ browser, server, log }) => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  await log?.dispose();
});

/** Wait until the page has received at least `count` messages. */
async function receivedAtLeast(page: Page, count: number): Promise<void> {
  await page.waitForFunction(`seen().received.length >= ${count}`, undefined, {
    timeout: 30_000,
    polling: 5,
  });
}

browserTest(`receives ${MESSAGES} messages once and in order across ${DROPS} drops`, async (context) => {
  const { log, page, sockets } = context;
  const perDrop = MESSAGES / DROPS;
  await page.waitForFunction("seen().opens === 1");
  for (let round = 0; round < DROPS; round++) {
    for (let i = 0; i < perDrop; i++) {
      await log.append("browser", [{ json: String(round * perDrop + i) }]);
      // Drop in the middle: some messages are in transit, and more are published while the page is disconnected.
      if (i === Math.floor(perDrop / 2)) {
        await receivedAtLeast(page, round * perDrop + 1);
        for (const socket of sockets) socket.destroy();
      }
    }
    await receivedAtLeast(page, (round + 1) * perDrop);
  }
  const seen = await page.evaluate<Seen>("seen()");
  assert.equal(
    seen.received,
    Array.from({ length: MESSAGES }, (_, i) => i),
  );
  assert.is(new Set(seen.ids).size, MESSAGES);
  assert.ok(seen.opens > DROPS, `${seen.opens} connections`);
});

browserTest("stops reconnecting at the end of a closed channel", async ({ log, page }) => {
  await log.append("browser", [{ json: '"last"' }], { close: true });
  await page.waitForFunction("seen().state === EventSource.CLOSED", undefined, { timeout: 30_000 });
  const seen = await page.evaluate<Seen>("seen()");
  assert.is(seen.received.at(-1) as unknown, "last");
});

browserTest.run();
