// A page that stops reading. Chromium runs without an automation tool, because such tools read everything themselves.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ensureProgram } from "../../tools/ensure.mjs";

const TOTAL = 1_000;
const PAYLOAD = "x".repeat(64 * 1024);
const MAX_BUFFERED_BYTES = 24 * 1024 * 1024;

/** The writer has stopped when it wrote nothing for this long, in milliseconds. */
const STILL_MS = 2_000;

const PROGRAM = `
  import { subscribe } from "@tidemark/client-sse";
  const messages = subscribe("/channel");
  await messages.next();
  await fetch("/paused");
  let read = 1;
  for await (const { cursor } of messages) if (cursor !== "M" + read++) break;
  await fetch("/read?" + read);`;

/** Write messages as fast as the connection accepts them; `wrote` is called for each. */
async function flood(response: ServerResponse, wrote: () => void): Promise<void> {
  // As on every stream (CORE-CACHE-1): Chromium buffers 64 MB of an answer that it could store.
  const headers = { "content-type": "text/event-stream", "cache-control": "no-store, no-transform" };
  response.writeHead(200, { tidemark: "v=1", ...headers });
  response.write('retry: 9\nevent: $open\ndata: {"heartbeat":300}\nid: P0\n\n');
  for (let n = 0; n < TOTAL; n += 1) {
    const took = response.write(`data: "${PAYLOAD}"\nid: M${n}\n\n`);
    wrote();
    if (!took) await once(response, "drain");
  }
  response.end(`event: $closed\ndata: {}\nid: M${TOTAL - 1}\n\n`);
}

test("while a page does not read, nothing reads from the socket; later it gets every message once", async () => {
  const [{ text = "" } = {}] = (
    await build({
      stdin: { contents: PROGRAM, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
      bundle: true,
      format: "esm",
      conditions: ["source"],
      write: false,
    })
  ).outputFiles;
  let sent = 0;
  let sentAt = 0;
  const wrote = (): void => {
    sent += 1;
    sentAt = performance.now();
  };
  let bufferedBytes: number | undefined;
  const paused = async (response: ServerResponse): Promise<void> => {
    while (performance.now() - sentAt < STILL_MS) await new Promise((resolve) => setTimeout(resolve, 50));
    bufferedBytes = sent * PAYLOAD.length;
    response.end();
  };
  const server = createServer();
  const read = new Promise<string>((resolve) => {
    server.on("request", ({ url = "" }, response) => {
      if (url === "/")
        response.setHeader("content-type", "text/html").end(`<script type=module>${text}</script>`);
      else if (url.startsWith("/channel")) void flood(response, wrote);
      else if (url === "/paused") void paused(response);
      else if (url.startsWith("/read")) resolve(url);
      else response.end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const folder = await mkdtemp(join(tmpdir(), "chromium-"));
  const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-sync", "--no-first-run"];
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const chromium = spawn(ensureProgram("chromium"), [...args, `--user-data-dir=${folder}`, address], {
    stdio: "ignore",
  });
  try {
    assert.is(await read, `/read?${TOTAL}`);
    assert.ok(
      Number(bufferedBytes) < MAX_BUFFERED_BYTES,
      `${bufferedBytes} bytes were sent while the page did not read`,
    );
  } finally {
    const closed = once(chromium, "close");
    chromium.kill();
    await closed;
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, maxRetries: 5 });
  }
});

test.run();
