// Starts the programs of the rolling restart.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureProgram } from "../../tools/ensure.mjs";
import { mainOf } from "../../tools/launch.mjs";
import { folder, freePort, start } from "../programs.mjs";

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
