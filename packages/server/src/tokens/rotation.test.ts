import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AnswerError, subscribe } from "@tidemark/client";
import { MemoryLog } from "@tidemark/log-memory";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openStream } from "../../../../testing/servers/event-source.ts";
import { serving, until } from "../../../../testing/servers/serving.ts";
import { CLAIMS, makeSigner, sign } from "../../test/make-tokens.ts";
import { tidemark } from "../tidemark.ts";
import { tokens } from "./authorize-tokens.ts";

const [first, second] = [await makeSigner("first"), await makeSigner("second")];
const keySet = (...signers: readonly { readonly publicKey: unknown }[]): string =>
  JSON.stringify({ keys: signers.map(({ publicKey }) => publicKey) });

/** A file that is replaced in one step. */
function fileOf(text: string) {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-rotation-"));
  const path = join(folder, "jwks.json");
  const write = (now: string): void => {
    writeFileSync(`${path}.new`, now);
    renameSync(`${path}.new`, path);
  };
  write(text);
  return { path, write, remove: () => rmSync(folder, { recursive: true }) };
}

const QUICK = { sse: { heartbeatS: 1 }, longPolling: { maxWaitS: 1 }, polling: { retryMs: 20 } };

for (const mechanism of ["sse", "long-polling", "polling"] as const)
  test(`when the key of its token is removed, a client gets a new token and misses nothing (${mechanism})`, async () => {
    const file = fileOf(keySet(first));
    const log = new MemoryLog();
    const asked: boolean[] = [];
    const [old, renewed] = [await sign(first), await sign(second)];
    const authorize = tokens({ jwks: file.path });
    await serving(tidemark(log, { authorize, ...QUICK }), async ({ url }) => {
      const headers = ({ unauthorized }: { readonly unauthorized: boolean }) => {
        asked.push(unauthorized);
        return { Authorization: `Bearer ${unauthorized || asked.includes(true) ? renewed : old}` };
      };
      const seen: unknown[] = [];
      const messages = subscribe(url("a"), { mechanism, headers, retryDelayMs: () => 10 });
      const reading = (async () => {
        for await (const { data } of messages) if (seen.push(data) === 2) return;
      })();
      await log.append("a", [{ json: "1" }]);
      await until(() => seen.length === 1, "the first message");
      file.write(keySet(second));
      // A stream is authorized again at each heartbeat, a poll when it is sent and when it wakes.
      await until(() => asked.includes(true), "a new token is asked for");
      await log.append("a", [{ json: "2" }]);
      await reading;
      assert.equal(seen, [1, 2]);
    });
    file.remove();
  });

test("a token that stays invalid ends the client with 401, after it asked once for a new one", async () => {
  const file = fileOf(keySet(first));
  const asked: boolean[] = [];
  await serving(tidemark(new MemoryLog(), { authorize: tokens({ jwks: file.path }) }), async ({ url }) => {
    const wrong = await sign(second);
    const headers = ({ unauthorized }: { readonly unauthorized: boolean }) => {
      asked.push(unauthorized);
      return { Authorization: `Bearer ${wrong}` };
    };
    const error: unknown = await subscribe(url("a"), { headers })
      [Symbol.asyncIterator]()
      .next()
      .catch((failure: unknown) => failure);
    assert.instance(error, AnswerError);
    assert.equal([(error as AnswerError).status, asked], [401, [false, true]]);
  });
  file.remove();
});

test("a token for another channel ends the client with 403, at the first answer", async () => {
  const file = fileOf(keySet(first));
  await serving(tidemark(new MemoryLog(), { authorize: tokens({ jwks: file.path }) }), async ({ url }) => {
    const headers = { Authorization: `Bearer ${await sign(first)}` };
    const error: unknown = await subscribe(url("b"), { headers })
      [Symbol.asyncIterator]()
      .next()
      .catch((failure: unknown) => failure);
    assert.equal((error as AnswerError).status, 403);
  });
  file.remove();
});

test("while the keys cannot be fetched, requests get 503 and streams stay; a new key is fetched when it is used", async () => {
  let keys: string | undefined = keySet(first);
  let fetches = 0;
  const issuer = createServer((_, res) => {
    fetches += 1;
    if (keys === undefined) res.writeHead(500).end();
    else res.writeHead(200, { "Content-Type": "application/json" }).end(keys);
  });
  await new Promise<void>((resolve) => issuer.listen(0, "127.0.0.1", resolve));
  const jwks = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/`;
  keys = undefined;
  const early = tokens({ jwks });
  await serving(tidemark(new MemoryLog(), { authorize: early }), async ({ url }) => {
    const headers = { Authorization: `Bearer ${await sign(first)}` };
    const refused = await fetch(url("a"), { headers });
    assert.equal([refused.status, refused.headers.get("retry-after")], [503, "2"]);
    keys = keySet(first);
    assert.is((await fetch(url("a"), { headers })).status, 200);
    assert.is(
      (await fetch(url("a"), { headers: { Authorization: `Bearer ${await sign(second)}` } })).status,
      401,
    );
    const before = fetches;
    for (let i = 0; i < 20; i += 1)
      await fetch(url("a"), { headers: { Authorization: `Bearer ${await sign(second)}` } });
    assert.is(fetches, before, "unknown keys cause no more fetches within the pause");
    const stream = await openStream(url("a"), { ...headers, Accept: "text/event-stream" });
    assert.is((await stream.event())?.event, "$open");
    stream.close();
  });
  issuer.close();
  issuer.closeAllConnections();
});

test("a stream ends at the first heartbeat after its token has expired", async () => {
  const file = fileOf(keySet(first));
  const authorize = tokens({ jwks: file.path, clockToleranceS: 0 });
  await serving(tidemark(new MemoryLog(), { authorize, sse: { heartbeatS: 1 } }), async ({ url }) => {
    const short = await sign(first, CLAIMS, Math.ceil(Date.now() / 1_000) + 1);
    const stream = await openStream(url("a"), {
      Authorization: `Bearer ${short}`,
      Accept: "text/event-stream",
    });
    assert.is((await stream.event())?.event, "$open");
    const rest = await stream.rest();
    assert.ok(rest.every(({ event }) => event === "$heartbeat"));
    assert.is((await fetch(url("a"), { headers: { Authorization: `Bearer ${short}` } })).status, 401);
  });
  file.remove();
});

test.run();
