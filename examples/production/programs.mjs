// Starts programs for the rolling restart, each on a free port, and stops all of them at exit.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { ensureProgram } from "../../tools/ensure.mjs";
import { mainOf } from "../../tools/launch.mjs";

export const folder = mkdtempSync(join(tmpdir(), "tidemark-production-"));
const living = new Set();

process.once("exit", () => {
  // nginx stops its own workers on SIGTERM.
  for (const child of living) child.kill(child.spawnfile.includes("nginx") ? "SIGTERM" : "SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});
for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143 }))
  process.once(signal, () => process.exit(code));

export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Start a program. Its standard output is read for {@link says}. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"], ...options });
  living.add(child);
  child.once("exit", () => living.delete(child));
  return child;
}

/** Wait for a line of the output, and discard the rest. */
export async function says(child, text) {
  for await (const line of createInterface(child.stdout)) {
    if (!line.includes(text)) continue;
    child.stdout.resume();
    return child;
  }
  throw new Error(`${child.spawnfile} ended before it said: ${text}`);
}

/** Wait until a URL answers with success. */
export async function answers(url, child) {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended with ${child.exitCode}`);
    const isReady = await fetch(url).then(
      ({ ok }) => ok,
      () => false, // it does not listen yet
    );
    if (isReady) return child;
    await new Promise((done) => setTimeout(done, 50));
  }
}

export async function startRedis() {
  const port = await freePort();
  const where = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder];
  const kept = ["--appendonly", "yes", "--appendfsync", "everysec", "--save", ""];
  await says(start(ensureProgram("redis-server"), [...where, ...kept]), "Ready to accept");
  return `redis://127.0.0.1:${port}`;
}

/** A node with its ports. `launch` starts it, also for another time. */
export async function makeNode(settings) {
  const [port, metricsPort] = [await freePort(), await freePort()];
  const env = {
    ...process.env,
    ...settings,
    TIDEMARK_PORT: String(port),
    TIDEMARK_METRICS_PORT: String(metricsPort),
  };
  const management = `127.0.0.1:${metricsPort}`;
  const node = {
    port,
    management,
    async launch() {
      const child = start(process.execPath, [...mainOf("packages/server"), "serve"], { env });
      child.stdout.resume();
      node.child = await answers(`http://${management}/readyz`, child);
    },
  };
  await node.launch();
  return node;
}

/** Start nginx with the configuration of this folder, in front of the nodes. Resolves with its port. */
export async function startNginx(ports, certificate) {
  const port = await freePort();
  const home = mkdtempSync(join(folder, "nginx-"));
  const servers = ports.map((node) => `server 127.0.0.1:${node} max_fails=0;`).join(" ");
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${home}/${name};`,
  );
  const own = readFileSync(fileURLToPath(new URL("nginx.conf", import.meta.url)), "utf8")
    .replace("worker_processes auto;", `daemon off; pid ${home}/nginx.pid; worker_processes 1;`)
    .replace("server tidemark:3000 max_fails=0;", servers)
    .replace(/^( +)listen 443 /m, `$1listen 127.0.0.1:${port} `)
    .replace("worker_rlimit_nofile 65536;", "") // only root may raise it
    .replace("certificate/cert.pem", certificate.cert)
    .replace("certificate/key.pem", certificate.key)
    .replace("access_log off;", `access_log off; ${paths.join(" ")}`);
  writeFileSync(join(home, "nginx.conf"), own);
  const child = start(ensureProgram("nginx"), ["-p", home, "-e", `${home}/error.log`, "-c", "nginx.conf"]);
  child.once("exit", (code) => code && console.error(readFileSync(`${home}/error.log`, "utf8")));
  return port;
}

/** Start Prometheus. Resolves with its URL. */
export async function startPrometheus(targets) {
  const port = await freePort();
  const job = { job_name: "tidemark", static_configs: [{ targets }] };
  writeFileSync(
    join(folder, "prometheus.json"),
    JSON.stringify({ global: { scrape_interval: "2s" }, scrape_configs: [job] }),
  );
  const args = [`--config.file=${folder}/prometheus.json`, `--storage.tsdb.path=${folder}/prometheus`];
  const program = ensureProgram("prometheus");
  const child = start(program, [...args, `--web.listen-address=127.0.0.1:${port}`], { stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  await answers(`${url}/-/ready`, child);
  return url;
}
