import { once } from "node:events";
import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import { get } from "node:https";
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { MemoryLog } from "@tidemark/log-memory";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { until } from "../../../../testing/servers/serving.ts";
import { makeCertificate, type TestCertificate } from "../../test/certificates.ts";
import { serving as servingCommand } from "../../test/tidemark-command.ts";
import { type ListenOptions, listen, type RunningServer } from "../listen.ts";
import { Certificate } from "./certificate.ts";

interface Listening {
  readonly server: RunningServer;
  readonly origin: string;
  readonly errors: readonly unknown[];
}

async function listening(
  files: TestCertificate,
  log: MemoryLog,
  run: (at: Listening) => Promise<void>,
  options: ListenOptions = {},
): Promise<void> {
  const errors: unknown[] = [];
  const server = await listen(log, {
    port: 0,
    tls: files,
    onError: (error) => errors.push(error),
    ...options,
  });
  try {
    await run({ server, origin: new URL(server.url).origin, errors });
  } finally {
    await server.close({ windowMs: 0 });
  }
}

const INSECURE = { rejectUnauthorized: false };

/** Status and body of a GET over HTTP/2, on an open connection. */
async function getOver(session: ClientHttp2Session, path: string): Promise<readonly [number, string]> {
  const stream = session.request({ ":path": path });
  const [headers] = await once(stream, "response");
  let text = "";
  for await (const chunk of stream.setEncoding("utf8")) text += chunk;
  return [headers[":status"], text];
}

/** The same over HTTP/1.1, on a connection of its own. */
function getAlone(url: string): Promise<readonly [number, string]> {
  return new Promise((resolve, reject) => {
    get(url, { ...INSECURE, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => (text += chunk));
      response.on("end", () => resolve([response.statusCode ?? 0, text]));
    }).on("error", reject);
  });
}

/** The certificate that a new connection gets, in PEM. */
async function certificateAt(origin: string): Promise<string> {
  const socket = connectTls({ port: Number(new URL(origin).port), host: "127.0.0.1", ...INSECURE });
  await once(socket, "secureConnect");
  const { raw } = socket.getPeerCertificate();
  socket.destroy();
  return raw.toString("base64").replaceAll(/(.{64})/g, "$1\n");
}

const body = (pem: string): string => pem.split("\n").slice(1, -2).join("\n");

test("both versions of HTTP are served on one port, with health checks, and by a stream", async () => {
  const files = makeCertificate();
  const log = new MemoryLog();
  await log.append("a", [{ json: "1" }]);
  await listening(files, log, async ({ server, origin, errors }) => {
    assert.ok(server.url.startsWith("https://127.0.0.1:"), server.url);
    assert.is((await getAlone(`${origin}/channels/a`))[0], 200);
    assert.equal(await getAlone(`${origin}/readyz`), [200, "ready\n"]);
    const session = connectHttp2(origin, INSECURE);
    assert.equal(await getOver(session, "/readyz"), [200, "ready\n"]);
    assert.is((await getOver(session, "/other"))[0], 404);
    const stream = session.request({ ":path": "/channels/a?stream=1" });
    let text = "";
    stream.setEncoding("utf8").on("data", (chunk) => (text += chunk));
    await until(() => text.includes("data: 1"), "the first message");
    await log.append("a", [{ json: "2" }]);
    await until(() => text.includes("data: 2"), "the second message");
    session.destroy();
    await until(() => server.stats().streams === 0, "the stream is gone");
    assert.equal(errors, []);
  });
  files.remove();
});

test("a connection of HTTP/2 that drains gets the rest of its answers, and no further request is taken", async () => {
  const files = makeCertificate();
  const log = new MemoryLog();
  const { cursor } = await log.append("a", [{ json: "1" }]);
  await listening(files, log, async ({ server, origin }) => {
    const session = connectHttp2(origin, INSECURE);
    const held = getOver(session, `/channels/a?after=${cursor}&wait=60`);
    await until(() => server.stats().held === 1, "the poll is held");
    const closed = once(session, "close");
    const idle = connectHttp2(origin, INSECURE);
    await once(idle, "connect");
    const idleClosed = once(idle, "close");
    await server.close({ windowMs: 1_000 });
    const [status, text] = await held;
    assert.is(status, 200);
    assert.type(JSON.parse(text).retry, "number");
    await Promise.all([closed, idleClosed]);
  });
  files.remove();
});

test("a replaced certificate counts for new connections; an open stream goes on; an invalid one is reported once", async () => {
  const files = makeCertificate();
  const log = new MemoryLog();
  await log.append("a", [{ json: "1" }]);
  await listening(files, log, async ({ origin, errors }) => {
    const session = connectHttp2(origin, INSECURE);
    const stream = session.request({ ":path": "/channels/a?stream=1" });
    let text = "";
    stream.setEncoding("utf8").on("data", (chunk) => (text += chunk));
    await until(() => text.includes("data: 1"), "the first message");
    const first = files.pem();
    assert.is(await certificateAt(origin), body(first));
    files.replace("cert");
    await until(() => errors.length === 1, "a certificate without its key is reported");
    assert.match(String(errors[0]), /cannot be used: .*key values mismatch/);
    assert.is(await certificateAt(origin), body(first), "the certificate before is still in use");
    files.replace();
    let seen = "";
    let isAsking = false;
    await until(() => {
      if (!isAsking) {
        isAsking = true;
        void certificateAt(origin).then((now) => {
          seen = now;
          isAsking = false;
        });
      }
      return seen === body(files.pem());
    }, "the new certificate");
    await log.append("a", [{ json: "2" }]);
    await until(() => text.includes("data: 2"), "the second message");
    assert.is(errors.length, 1);
    session.destroy();
  });
  files.remove();
});

test("a client that speaks no TLS, or ends its handshake, harms nothing", async () => {
  const files = makeCertificate();
  await listening(files, new MemoryLog(), async ({ origin, errors }) => {
    const port = Number(new URL(origin).port);
    for (const bytes of ["GET / HTTP/1.1\r\n\r\n", "\u0016\u0003\u0001", ""]) {
      const socket = connectTcp(port, "127.0.0.1");
      socket.on("error", () => undefined); // a reset
      socket.end(bytes);
      await once(socket.resume(), "close");
    }
    assert.equal(await getAlone(`${origin}/readyz`), [200, "ready\n"]);
    assert.equal(errors, []);
  });
  files.remove();
});

test("files that do not fit or do not exist are rejected at the start, with their names", () => {
  const files = makeCertificate();
  const failed = (): void => assert.unreachable();
  assert.throws(() => new Certificate({ ...files, key: "/nowhere/key.pem" }, failed), /\/nowhere\/key\.pem/);
  files.replace("cert");
  assert.throws(() => new Certificate(files, failed), /cannot be used: .*key values mismatch/);
  files.remove();
});

for (const workers of ["1", "2"])
  test(`serve --tls-cert answers both versions (workers: ${workers}), and its metrics say when the certificate ends`, async () => {
    const files = makeCertificate();
    const args = ["--tls-cert", files.cert, "--tls-key", files.key, "--metrics", "--workers", workers];
    await servingCommand(args, async (base) => {
      const { origin, pathname } = new URL(base);
      assert.ok(origin.startsWith("https:"));
      assert.is((await getAlone(`${base}a`))[0], 200);
      const session = connectHttp2(origin, INSECURE);
      assert.is((await getOver(session, `${pathname}a`))[0], 200);
      const [, metrics] = await getOver(session, "/metrics");
      const ends = /^tidemark_tls_certificate_expiry_timestamp_seconds (.*)$/m.exec(metrics)?.[1];
      assert.ok(Math.abs(Number(ends) - Date.now() / 1_000 - 2 * 86_400) < 3_600, ends);
      session.destroy();
    });
    files.remove();
  });

test.run();
