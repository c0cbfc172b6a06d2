// The suite speaks HTTP/2 over TLS too: it finds a connection field there, and nothing on the plain server.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ensureProgram } from "../../../tools/ensure.mjs";
import { PLAIN } from "./behavior.ts";
import { runOn } from "./judge/run.ts";
import { STREAM_MUTANTS } from "./mutants/all.ts";
import { type Certificate, startStreams } from "./server.ts";

const CERTIFICATE =
  "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost -keyout key.pem -out cert.pem";

const tls = suite("HTTP/2 over TLS");
const folder = mkdtempSync(join(tmpdir(), "streams-tls-"));
let certificate: Certificate;

tls.before(() => {
  execFileSync(ensureProgram("openssl"), CERTIFICATE.split(" "), { cwd: folder, stdio: "ignore" });
  const read = (name: string): Buffer => readFileSync(join(folder, name));
  certificate = { key: read("key.pem"), cert: read("cert.pem") };
});
tls.after(() => rmSync(folder, { recursive: true }));

/** What the suite says about the two sentences on HTTP/2. */
async function standings(id: string): Promise<readonly (string | undefined)[]> {
  const changes = STREAM_MUTANTS.find((one) => one.id === id)?.changes ?? {};
  const server = await startStreams("history", { ...PLAIN.history, ...changes }, certificate);
  try {
    const { summary } = await runOn(server.url, {
      insecure: true,
      thorough: true,
      observeMs: 1_000,
      run: ["sse/opening/*"],
    });
    const all = summary?.requirements ?? [];
    return ["ES-OPEN-7", "ES-OPEN-8", "ES-OPEN-9"].map(
      (one) => all.find(({ requirement }) => requirement === one)?.standing,
    );
  } finally {
    await server.close();
  }
}

for (const [id, expected] of [
  ["plain-history", ["verified", "verified", "verified"]],
  ["connection-field-on-http-2", ["verified", "violated", "verified"]],
  ["chunked-for-http-1-0", ["violated", "verified", "verified"]],
  ["http-2-stops-the-server", ["verified", "unverified", "not-met"]],
] as const)
  tls(`${id} over TLS`, async () => assert.equal(await standings(id), expected));

tls.run();
