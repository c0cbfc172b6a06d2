import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { MemoryLog } from "@tidemark/log-memory";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { GRACE_MS, until } from "../../../testing/servers/serving.ts";
import { serving } from "../test/tidemark-command.ts";
import { healthChecks, OwnPages } from "./own-pages.ts";

/** Answers of a check, each on its own connection: each of two workers gets two of them. */
async function ask(url: URL): Promise<string[]> {
  const answers: string[] = [];
  for (let i = 0; i < 4; i += 1) {
    const response = await fetch(url, { headers: { Connection: "close" } });
    answers.push(`${response.status} ${(await response.text()).trim()}`);
  }
  return [...new Set(answers)];
}

async function untilAnswers(url: URL, expected: string): Promise<void> {
  const deadline = performance.now() + GRACE_MS;
  for (let answers = ""; answers !== expected; answers = (await ask(url)).join())
    assert.ok(performance.now() < deadline, `${url.pathname} still answers ${answers}`);
}

for (const workers of ["1", "2"])
  test(`the loss and the return of the engine are each reported in one line, and by readyz (workers: ${workers})`, async () => {
    const redis = await RedisServer.start("--appendfsync", "always");
    try {
      await serving(["--log", redis.url, "--workers", workers], async (base, { output }) => {
        const [ready, healthy] = [new URL("/readyz", base), new URL("/healthz", base)];
        assert.equal(await ask(ready), ["200 ready"]);
        await redis.kill();
        await untilAnswers(ready, "503 log unavailable");
        assert.equal(await ask(healthy), ["200 ok"]);
        await redis.start();
        await untilAnswers(ready, "200 ready");
        await until(() => lines(output.stderr).length === 2, "one line for each change");
        const [away = "", back = ""] = lines(output.stderr);
        assert.match(away, /^tidemark: .*Redis/);
        assert.match(back, /^tidemark: .*(again|back)/);
      });
    } finally {
      await redis.stop();
    }
  });

function lines(text: string): string[] {
  return text.split("\n").filter(Boolean);
}

for (const [path, prefix] of [
  ["/channels/:channel", ""],
  ["/:channel", "/-"],
  ["/-/:channel", ""],
] as const)
  test(`with the path ${path}, no channel collides with the checks`, () =>
    serving(["--path", path], async (base) => {
      assert.equal(await ask(new URL(`${prefix}/healthz`, base)), ["200 ok"]);
      assert.equal(await ask(new URL(`${prefix}/readyz?verbose`, base)), ["200 ready"]);
      const channel = await fetch(`${base}healthz`);
      assert.equal(((await channel.json()) as { messages: unknown[] }).messages, []);
    }));

test("a check accepts only GET and HEAD, and a draining server is not ready", async () => {
  let draining = false;
  const checks = new OwnPages(
    "/channels/:channel",
    healthChecks(new MemoryLog(), () => draining),
  );
  const server = createServer((req, res) => {
    if (!checks.answer(req, res)) res.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  const posted = await fetch(url("/readyz"), { method: "POST" });
  assert.equal([posted.status, posted.headers.get("allow")], [405, "GET, HEAD"]);
  const head = await fetch(url("/readyz"), { method: "HEAD" });
  assert.equal([head.status, head.headers.get("cache-control"), await head.text()], [200, "no-store", ""]);
  assert.is((await fetch(url("/readyz/"))).status, 404);
  draining = true;
  const response = await fetch(url("/readyz"));
  assert.equal([response.status, await response.text()], [503, "draining\n"]);
  server.close();
  server.closeAllConnections();
});

test.run();
