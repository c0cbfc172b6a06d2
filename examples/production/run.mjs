// Three nodes behind nginx with TLS, Redis, tokens and Prometheus. Each node is restarted once under load.
//   npm run build && node examples/production/run.mjs [--readers 1000] [--per-second 20] [--pause 5]
import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:http2";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { ensureProgram } from "../../tools/ensure.mjs";
import { sources } from "../../tools/launch.mjs";
import { folder, startRedis } from "../programs.mjs";
import { makeNode, startNginx, startPrometheus } from "./programs.mjs";

const { values } = parseArgs({
  options: {
    readers: { type: "string", default: "1000" },
    "per-second": { type: "string", default: "20" },
    pause: { type: "string", default: "5" },
    drain: { type: "string", default: "3" },
  },
});
const [readers, perSecond, pauseS] = [values.readers, values["per-second"], values.pause].map(Number);
const sleep = (seconds) => new Promise((done) => setTimeout(done, seconds * 1_000));

const certificate = makeCertificate();
const { jwks, token } = await makeToken();
const settings = {
  TIDEMARK_LOG: await startRedis("everysec"),
  TIDEMARK_JWKS: jwks,
  TIDEMARK_TRUST_PROXY: "true",
  TIDEMARK_DRAIN: values.drain,
  TIDEMARK_LOGGER: "json",
};
const nodes = await Promise.all([0, 1, 2].map(() => makeNode(settings)));
const port = await startNginx(
  nodes.map((node) => node.port),
  certificate,
);
const origin = `https://127.0.0.1:${port}`;
console.log(`nginx answers by ${await protocolAt(origin)}`);
const prometheus = await prometheusOrWhy();

const target = { url: `${origin}/channels/orders`, token, readers, perSecond };
const publisher = await beginProgram("publisher.mjs");
const reading = await beginProgram("readers.mjs");
console.log(`${readers} readers have received the first message`);
publisher.send("go");
await steady();
for (const [index, node] of nodes.entries()) {
  node.child.kill("SIGTERM");
  const [code] = await once(node.child, "exit");
  await node.launch();
  console.log(`node ${index + 1} was drained (exit code ${code}) and started again`);
  await steady();
}
if (typeof prometheus === "string") await printAnswers(prometheus);
else console.log(`skipped: the questions to Prometheus (${prometheus.why})`);
publisher.send("stop");
const [{ published, seconds }] = await once(publisher, "message");
reading.send({ type: "end", published });
const [results] = await once(reading, "message");
console.log(`${published} messages in ${seconds.toFixed(0)} s, ${readers} readers, 3 restarts`);
console.table(results);
const isWhole = results.every(({ lost, repeated }) => lost === 0 && repeated === 0);
const longestS = Math.max(...results.map(({ longestPauseS }) => longestPauseS));
console.log(isWhole ? `0 lost, 0 repeated, longest pause ${longestS} s` : "messages were LOST or REPEATED");
process.exit(isWhole ? 0 : 1);

/** Let time pass, until every reader has received what was published by then. */
async function steady() {
  await sleep(pauseS);
  publisher.send("count");
  const [{ published }] = await once(publisher, "message");
  reading.send({ type: "catch up", published });
  await once(reading, "message");
}

/** Start one of the two programs that make the load. Resolves when it has begun. */
async function beginProgram(name) {
  const child = fork(fileURLToPath(new URL(name, import.meta.url)), [JSON.stringify(target)], {
    execArgv: sources,
    env: { ...process.env, NODE_EXTRA_CA_CERTS: certificate.cert },
  });
  process.once("exit", () => child.kill("SIGKILL"));
  child.once("exit", (code) => code && process.exit(code)); // it has printed why
  await once(child, "message");
  return child;
}

function makeCertificate() {
  const files = { cert: join(folder, "cert.pem"), key: join(folder, "key.pem") };
  const words =
    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost";
  const names = ["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"];
  execFileSync(
    ensureProgram("openssl"),
    [...words.split(" "), ...names, "-keyout", files.key, "-out", files.cert],
    {
      stdio: "pipe",
    },
  );
  return files;
}

/** A key pair of which the nodes get the public half, and a token that may read and publish. */
async function makeToken() {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const path = join(folder, "jwks.json");
  writeFileSync(
    path,
    JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: "1", alg: "ES256" }] }),
  );
  const claims = { sub: "load", tidemark: { read: ["orders*"], publish: ["orders*"] } };
  const signing = new SignJWT(claims).setProtectedHeader({ alg: "ES256", kid: "1" }).setExpirationTime("1h");
  return { jwks: path, token: await signing.sign(privateKey) };
}

/** The protocol that nginx agrees on with a client that speaks both. */
async function protocolAt(url) {
  for (;;) {
    const session = connect(url, { ca: readFileSync(certificate.cert) });
    const found = await once(session, "connect").then(
      () => session.alpnProtocol,
      () => undefined, // it does not listen yet
    );
    session.destroy();
    if (found !== undefined) return found;
    await sleep(0.05);
  }
}

async function prometheusOrWhy() {
  try {
    return await startPrometheus(nodes.map(({ management }) => management));
  } catch (error) {
    if (error.code !== "MISSING_PROGRAM" || process.env.CI) throw error;
    return { why: error.message };
  }
}

/** Ask the questions of docs/guide/prometheus.md. */
async function printAnswers(url) {
  const page = readFileSync(
    fileURLToPath(new URL("../../docs/guide/prometheus.md", import.meta.url)),
    "utf8",
  );
  for (const [, question, query] of page.matchAll(/^## (.*)\n\n```promql\n(.*)\n```/gm)) {
    const { data } = await (await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`)).json();
    const samples = data.result.map(
      ({ metric, value }) => `${Object.values(metric).join(" ")} ${Number(value[1]).toPrecision(3)}`,
    );
    console.log(`${question} ${samples.join(", ") || "none"}`);
  }
}
