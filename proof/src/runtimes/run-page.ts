import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { chromium } from "playwright-core";
import { ensureProgram } from "../../../tools/ensure.mjs";
import type { Order, Report, Told } from "./lines.ts";
import { OriginHost } from "./origin-host.ts";

// The scripted servers do not support CORS; that is tested with the reference server.
const ARGS = ["--disable-web-security", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
const QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** Run bundled tests in a page of Chromium. @throws any uncaught error of the page */
export async function runPageTests(file: string): Promise<Report> {
  const script = await readFile(file);
  const server = createServer(({ url }, response) => {
    if (url === "/")
      response.setHeader("content-type", "text/html").end("<!doctype html><title>tests</title>");
    else response.setHeader("content-type", "text/javascript").end(script);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const executablePath = ensureProgram("chromium");
  let isOver = false;
  const browser = await chromium.launch({ executablePath, args: [...ARGS, ...QUIET] });
  try {
    const page = await browser.newPage();
    return await new Promise<Report>((resolve, reject) => {
      // page-link.ts defines `tellTests`.
      const tell = (told: Told) => page.evaluate(`tellTests(${JSON.stringify(told)})`).catch(reject);
      const host = new OriginHost((told) => {
        if (!isOver) void tell(told);
      });
      const take = (line: string): void => {
        const order: Order = JSON.parse(line);
        if (order.type === "report") void host.close().then(() => resolve(order.report), reject);
        else void host.take(order).catch(reject);
      };
      page.on("pageerror", reject);
      const load = async (): Promise<void> => {
        await page.exposeFunction("sendOrder", take);
        await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
        await page.addScriptTag({ type: "module", url: "/tests.js" });
      };
      load().catch(reject);
    });
  } finally {
    isOver = true;
    await browser.close();
    server.close();
  }
}
