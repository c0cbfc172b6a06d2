// A page with `useChat({ resume: true })` is reloaded in the middle of an answer: examples/resumable-chat.
import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { chromium } from "playwright-core";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { endWithUs, killed } from "../../testing/processes/children.ts";
import { freePort } from "../../testing/processes/free-port.ts";
import { ensureProgram } from "../../tools/ensure.mjs";

const EXAMPLE = fileURLToPath(new URL("../../examples/resumable-chat/", import.meta.url));
const INSTALLED = fileURLToPath(new URL("../node_modules", import.meta.url));
/** All that the model says. */
const WHOLE = Array.from({ length: 100 }, (_, n) => `${n + 1} `).join("");
const LIMIT_MS = 90_000;

/** Build a server and its page into a folder, as the example's README does, from our sources. */
async function prepare(server: string): Promise<string> {
  const folder = await mkdtemp(join(INSTALLED, ".chat-"));
  const shared: BuildOptions = {
    bundle: true,
    nodePaths: [INSTALLED],
    conditions: ["source"],
    logLevel: "error",
  };
  await build({
    ...shared,
    entryPoints: [join(EXAMPLE, server)],
    outfile: join(folder, "server.cjs"),
    platform: "node",
    alias: { express: "express-5" },
  });
  await build({
    ...shared,
    entryPoints: [join(EXAMPLE, "page.jsx")],
    outfile: join(folder, "public/page.js"),
    format: "esm",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  await mkdir(join(folder, "public"), { recursive: true });
  await cp(join(EXAMPLE, "page.html"), join(folder, "public/index.html"));
  return folder;
}

async function reachable(url: string): Promise<void> {
  for (const began = performance.now(); performance.now() - began < LIMIT_MS; ) {
    const response = await fetch(url).catch(() => undefined); // it does not listen yet
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${url} does not answer`);
}

for (const server of ["express.mjs", "hono.mjs"])
  test(`${server}: a page that is reloaded in the middle of an answer shows all of it, once`, async () => {
    const folder = await prepare(server);
    const port = await freePort();
    const child = endWithUs(
      spawn(process.execPath, ["server.cjs"], {
        cwd: folder,
        env: { ...process.env, PORT: String(port) },
        stdio: "inherit",
      }),
    );
    const browser = await chromium.launch({
      executablePath: ensureProgram("chromium"),
      args: ["--no-sandbox"],
    });
    try {
      await reachable(`http://127.0.0.1:${port}/`);
      const page = await browser.newPage();
      page.setDefaultTimeout(LIMIT_MS);
      await page.goto(`http://127.0.0.1:${port}/`);
      await page.click("button");
      for (const seen of ["10 ", "30 "]) {
        await page.waitForFunction(
          (text) => document.querySelector(".assistant")?.textContent?.includes(text),
          seen,
        );
        await page.reload();
      }
      await page.waitForFunction(() => document.querySelector("main")?.dataset.status === "ready");
      await page.waitForFunction(() => document.querySelector(".assistant")?.textContent?.includes("100 "));
      assert.equal(await page.locator(".user").allTextContents(), ["Count to a hundred."]);
      assert.equal(await page.locator(".assistant").allTextContents(), [WHOLE]);
    } finally {
      await browser.close();
      await killed(child);
      await rm(folder, { recursive: true });
    }
  });

test.run();
