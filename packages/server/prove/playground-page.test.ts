// The playground's page in a real Chromium: other servers, a tab that sleeps, narrow and dark.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { MemoryLog } from "@tidemark/log-memory";
import type { Page } from "playwright-core";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { listen } from "../src/listen.ts";
import { figuresOf, until, untilEvery, withPlayground } from "../test/playground-browser.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function violationsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  return page.evaluate(
    "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html)))",
  );
}

/** A server of a plain event stream, which pages of any origin may read, and the number of its requests. */
async function streamServer(): Promise<{ url: URL; server: Server; requests: string[] }> {
  const requests: string[] = [];
  const server = createServer((req, res) => {
    requests.push(req.method ?? "");
    res.writeHead(200, { "Content-Type": "text/event-stream", "Access-Control-Allow-Origin": "*" });
    const timer = setInterval(() => res.write("event: tick\ndata: plain\n\n"), 50);
    res.once("close", () => clearInterval(timer));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/s`), server, requests };
}

test("?url= connects after a click only, publishes nothing, and compares the columns of any channel", async () => {
  const log = new MemoryLog();
  const other = await listen(log, { port: 0 });
  const target = other.url.replace("{channel}", "theirs");
  try {
    await withPlayground(async ({ open, errors }) => {
      const page = await open(`?url=${encodeURIComponent(target)}`, { bypassCSP: true });
      const requests: string[] = [];
      page.on("request", (request) => requests.push(`${request.method()} ${new URL(request.url()).origin}`));
      await page.getByRole("button", { name: "Connect" }).waitFor();
      assert.equal(await violationsOf(page), []);
      assert.equal(requests, [], "nothing before the click");
      await page.getByRole("button", { name: "Connect" }).press("Enter");
      await untilEvery(page, ({ requests }) => requests > 0);
      for (let n = 0; n < 20; n++) await log.append("theirs", [{ json: `"${n}"` }]);
      await page.getByLabel("Cut the connection").press("Space");
      await untilEvery(page, ({ open }) => open === 0);
      for (let n = 0; n < 20; n++) await log.append("theirs", [{ json: `"cut ${n}"` }]);
      await page.getByLabel("Cut the connection").press("Space");
      await untilEvery(
        page,
        ({ messages, lost, repeated }) => messages === 40 && lost === 0 && repeated === 0,
      );
      assert.equal([...new Set(requests)], [`GET ${new URL(target).origin}`]);
      assert.equal(errors, []);
    });
  } finally {
    await other.close({ windowMs: 0 });
  }
});

for (const way of ["?url=", "--url"])
  test(`${way} shows a plain event stream in one column`, async () => {
    const { url, server, requests } = await streamServer();
    try {
      await withPlayground(
        async ({ open, errors }) => {
          const page = await open(way === "?url=" ? `?url=${encodeURIComponent(url.href)}` : "");
          await page.getByRole("button", { name: "Connect" }).waitFor();
          assert.equal(requests, []);
          await page.getByRole("button", { name: "Connect" }).click();
          await untilEvery(page, ({ messages }) => messages > 10);
          assert.equal(Object.keys(await figuresOf(page)), ["stream"]);
          assert.is(await page.getByText("it has no cursors").count(), 1);
          assert.equal([...new Set(requests)], ["GET"]);
          assert.equal(errors, []);
        },
        way === "--url" ? url : undefined,
      );
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

for (const bad of ["javascript:alert(1)", "http://me:secret@127.0.0.1/", "nonsense"])
  test(`?url=${bad} is refused`, () =>
    withPlayground(async ({ open }) => {
      const page = await open(`?url=${encodeURIComponent(bad)}`);
      await page.getByRole("alert").waitFor();
      assert.is(await page.getByRole("button").count(), 0);
    }));

test("a tab that was frozen in the background loses and repeats nothing", () =>
  withPlayground(async ({ open, playground }) => {
    const page = await open();
    await untilEvery(page, ({ messages }) => messages > 0);
    const session = await page.context().newCDPSession(page);
    await session.send("Page.setWebLifecycleState", { state: "frozen" });
    const { log } = playground;
    assert.ok(log);
    const { cursor } = await log.read("playground", "end", { maxMessages: 1 });
    const passed = async () => (await log.read("playground", cursor, { maxMessages: 1_000 })).messages.length;
    await until(
      async () => (await passed()) >= 50,
      async () => String(await passed()),
    );
    await session.send("Page.setWebLifecycleState", { state: "active" });
    await untilEvery(page, ({ messages, lost, repeated }) => messages >= 50 && lost + repeated === 0);
  }));

test("a hidden tab goes on to receive, and shows its figures when it is visible again", () =>
  withPlayground(async ({ open, browser }) => {
    const page = await open();
    await untilEvery(page, ({ messages }) => messages > 0);
    const other = await browser.newPage();
    await other.bringToFront();
    await page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })");
    const before = (await figuresOf(page)).sse?.messages ?? 0;
    await untilEvery(page, ({ messages }) => messages >= before + 20);
    await page.evaluate("delete document.hidden");
    await page.bringToFront();
    await page.waitForFunction(
      (least) => Number(document.querySelectorAll(".messages dd")[2]?.textContent) >= least,
      before + 20,
      { polling: 100 },
    );
    await untilEvery(page, ({ lost, repeated }) => lost + repeated === 0);
  }));

for (const colorScheme of ["light", "dark"] as const)
  for (const width of [390, 1_280])
    test(`axe finds nothing in ${colorScheme} at ${width} pixels, and nothing runs off the screen`, () =>
      withPlayground(async ({ open }) => {
        const viewport = { width, height: 844 };
        const page = await open("", { bypassCSP: true, colorScheme, viewport, reducedMotion: "reduce" });
        await untilEvery(page, ({ messages }) => messages > 0);
        await page.getByLabel("Cut the connection").press("Space");
        await untilEvery(page, ({ failed }) => failed > 0);
        assert.equal(await violationsOf(page), []);
        assert.is(await page.evaluate("document.documentElement.scrollWidth"), width);
      }));

test.run();
