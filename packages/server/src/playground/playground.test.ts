// The playground in a real Chromium: its figures equal the server's own, a cut loses nothing, and everyone can use it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";
import type { Page } from "playwright-core";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { countAt, figuresOf, until, untilEvery, withPlayground } from "../../test/playground-browser.ts";

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

/** By how much two readings of the machine's clock can differ that were taken at the same time, in milliseconds. */
const TIMER_MS = 1;

test("the page's figures equal the server's own, and a cut loses nothing", () =>
  withPlayground(async ({ playground, open, errors }) => {
    const { server, log } = playground;
    assert.ok(server && log);
    const counts = countAt(server);
    const page = await open();
    const sum = async (more: (name: string) => object) => {
      const columns = Object.entries(counts).map(async ([name, { after = "start" }]) => {
        const { messages } = await log.read("playground", after, { maxMessages: 10_000 });
        return [name, { messages: messages.length, lost: 0, repeated: 0, ...more(name) }] as const;
      });
      return Object.fromEntries(await Promise.all(columns));
    };
    /** Wait until the page shows what the server knows: the messages after a column's first cursor, and more. */
    const untilEqual = async (names: readonly ("bodyDown" | "requests")[]): Promise<void> => {
      const pick = (all: object): object =>
        Object.fromEntries(Object.entries(all).filter(([key]) => (names as readonly string[]).includes(key)));
      const expected = () => sum((name) => pick(counts[name] ?? {}));
      const shown = async () =>
        Object.fromEntries(
          Object.entries(await figuresOf(page)).map(([name, { messages, lost, repeated, ...rest }]) => [
            name,
            { messages, lost, repeated, ...pick(rest) },
          ]),
        );
      await until(
        async () => isDeepStrictEqual(await shown(), await expected()),
        async () => JSON.stringify({ server: await expected(), page: await shown() }, null, 1),
      );
    };
    await slide(page, "Poll interval", "Home");
    await untilEvery(page, ({ messages }) => messages > 5);
    await slide(page, "Messages per second", "Home");
    await untilEqual(["bodyDown", "requests"]);
    await untilEvery(page, ({ wire, bodyDown }) => (wire?.down ?? 0) > bodyDown); // with heads
    for (const [name, { samples }] of Object.entries(await figuresOf(page))) {
      const atServer = (counts[name]?.delaysMs ?? []).slice(-samples.length);
      assert.is(samples.length, atServer.length, name);
      for (const [index, { delayMs }] of samples.entries())
        assert.ok(
          delayMs >= (atServer[index] ?? 0) - TIMER_MS,
          `${name}: ${delayMs} ms, ${atServer[index]} ms`,
        );
    }
    // Bytes that are on their way when the connection is cut were sent, but never arrive: compare messages only.
    for (let step = 0; step < 6; step++) await slide(page, "Messages per second", "ArrowRight");
    await page.getByLabel("Cut the connection").press("Space");
    await untilEvery(page, ({ failed, open }) => failed > 0 && open === 0);
    const before = await log.read("playground", "end", { maxMessages: 1 });
    const published = async () =>
      (await log.read("playground", before.cursor, { maxMessages: 9 })).messages.length;
    await until(
      async () => (await published()) > 3,
      async () => "nothing is published during the cut",
    );
    await page.getByLabel("Cut the connection").press("Space");
    await untilEvery(page, ({ state }) => state !== "reconnecting");
    await slide(page, "Messages per second", "Home");
    await untilEqual([]);
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
