// Real HTTP/2 servers, with and without HTTP/1.1.
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createSecureServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EventSource, fetch } from "undici";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ensureProgram } from "../../../tools/ensure.mjs";
import { createAgent } from "./agent.ts";

const STREAMS = 40;

const CERTIFICATE =
  "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1";

async function makeCertificate(): Promise<{ key: Buffer; cert: Buffer }> {
  const folder = await mkdtemp(join(tmpdir(), "certificate-"));
  execFileSync(ensureProgram("openssl"), CERTIFICATE.split(" "), { cwd: folder, stdio: "ignore" });
  const [key, cert] = await Promise.all(["key.pem", "cert.pem"].map((name) => readFile(join(folder, name))));
  await rm(folder, { recursive: true });
  if (key === undefined || cert === undefined) throw new Error("no certificate");
  return { key, cert };
}

for (const [name, allowHTTP1, version] of [
  ["HTTP/2 and HTTP/1.1", true, "1.1"],
  ["HTTP/2 only", false, "2.0"],
] as const) {
  test(`a server with ${name}: ${STREAMS} streams, a held poll, a publish and an EventSource at the same time`, async () => {
    const { key, cert } = await makeCertificate();
    const versions = new Set<string>();
    let answerPoll = (): void => {};
    const server = createSecureServer({ key, cert, allowHTTP1 }, (request, response) => {
      versions.add(request.httpVersion);
      if (request.url === "/stream") response.setHeader("content-type", "text/event-stream");
      if (request.url === "/stream") response.write("data: 1\n\n");
      else if (request.url === "/poll") answerPoll = () => response.end("[]");
      else request.resume().on("end", () => response.end("{}"));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const dispatcher = createAgent({ connect: { ca: cert } });
    const polled = fetch(`${url}/poll`, { dispatcher });
    await once(server, "request");
    const readers = await Promise.all(
      Array.from({ length: STREAMS }, async () => {
        const reader = (await fetch(`${url}/stream`, { dispatcher })).body?.getReader();
        assert.is((await reader?.read())?.value?.length, 9);
        return reader;
      }),
    );
    const source = new EventSource(`${url}/stream`, { node: { dispatcher } });
    await new Promise((resolve) => {
      source.onmessage = resolve;
    });
    const published = await fetch(`${url}/publish`, { dispatcher, method: "POST", body: "{}" });
    assert.is(await published.text(), "{}");
    answerPoll();
    assert.is(await (await polled).text(), "[]");
    assert.equal([...versions], [version]);
    source.close();
    await Promise.all(readers.map((reader) => reader?.cancel()));
    await dispatcher.destroy();
    server.close();
  });
}

test.run();
