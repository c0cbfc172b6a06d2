// The playground in a real Chromium: its figures equal the server's own, a cut loses nothing, and everyone can use it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";
import type { Page } from "playwright-core";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { countAt, figuresOf, until, untilEvery, withPlayground } from "../../test/playground-browser.ts";
import { percentile } from "./page/figures.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Set a slider with the keyboard, as a person without a mouse does. */
async function slide(page: Page, label: string, key: "Home" | "End" | "ArrowRight"): Promise<void> {
  await page.getByLabel(label).focus();
  await page.keyboard.press(key);
}

/** What axe-core finds, with the elements. */
async function violationsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  return page.evaluate(
    "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html)))",
  );
}

/** Wait until the page has counted the requests that the server has counted; new ones keep coming. */
async function untilRequestsEqual(page: Page, counts: ReturnType<typeof countAt>): Promise<void> {
  const both = async () => {
    const figures = await figuresOf(page);
    return Object.entries(counts).map(([name, { requests }]) => [requests, figures[name]?.requests]);
  };
  await until(
    async () => (await both()).every(([server, seen]) => server === seen && server !== 0),
    async () => JSON.stringify(await both()),
  );
}

test("the page's figures equal the server's own, and a cut loses nothing", () =>
  withPlayground(async ({ playground, open, errors }) => {
    const { server, log } = playground;
    assert.ok(server && log);
    const counts = countAt(server);
    const page = await open();
    await slide(page, "Poll interval", "Home");
    await untilEvery(page, ({ messages }) => messages > 5);
    await untilRequestsEqual(page, counts);
    await page.getByLabel("Cut the connection").press("Space");
    await untilEvery(page, ({ failed }) => failed > 0);
    const before = await log.read("playground", "end", { maxMessages: 1 });
    await untilEvery(page, ({ open }) => open === 0);
    await page.getByLabel("Cut the connection").press("Space");
    await untilEvery(page, ({ state }) => state !== "reconnecting");
    await slide(page, "Messages per second", "Home");
    /** What the server knows of each column: the messages after its first cursor, and the bytes. */
    const expected = async () => {
      const columns = Object.entries(counts).map(async ([name, { after = "start", bodyDown }]) => {
        const { messages } = await log.read("playground", after, { maxMessages: 10_000 });
        return [name, { messages: messages.length, bodyDown, lost: 0, repeated: 0 }] as const;
      });
      return Object.fromEntries(await Promise.all(columns));
    };
    const shown = async () => {
      const columns = Object.entries(await figuresOf(page));
      return Object.fromEntries(
        columns.map(([name, { messages, bodyDown, lost, repeated }]) => [
          name,
          { messages, bodyDown, lost, repeated },
        ]),
      );
    };
    await until(
      async () => isDeepStrictEqual(await shown(), await expected()),
      async () => JSON.stringify({ server: await expected(), page: await shown() }, null, 1),
    );
    await untilEvery(page, ({ wire, bodyDown }) => (wire?.down ?? 0) > bodyDown); // with heads
    for (const [name, { requests, failed, samples }] of Object.entries(await figuresOf(page))) {
      const atServer = counts[name]?.requests ?? 0;
      assert.ok(atServer <= requests && atServer >= requests - failed, `${name}: ${atServer}, ${requests}`);
      assert.ok((percentile(samples, 0.5) ?? -1) >= 0, name);
    }
    const end = await log.read("playground", "end", { maxMessages: 1 });
    assert.is.not(end.cursor, before.cursor, "messages were published during the cut");
    assert.equal(errors, []);
  }));

test("axe finds nothing, and the advice and the controls have their texts", () =>
  withPlayground(async ({ open, errors }) => {
    const page = await open("", { bypassCSP: true });
    await untilEvery(page, ({ messages }) => messages > 0);
    assert.equal(await violationsOf(page), []);
    await slide(page, "Messages per second", "End");
    assert.is(await page.getByLabel("Messages per second").getAttribute("aria-valuetext"), "200");
    await page.getByLabel("Hold answers back").press("Space");
    assert.match((await page.getByRole("status").textContent()) ?? "", /^Choose long polling: /);
    assert.match((await page.getByRole("img").first().getAttribute("aria-label")) ?? "", /p50 and p99 \d/);
    assert.equal(await violationsOf(page), []);
    assert.equal(errors, []);
  }));

test.run();
