// Starts the programs of a cluster.
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureProgram } from "../../tools/ensure.mjs";
import { folder, freePort, says, start } from "../programs.mjs";

const SERVER = fileURLToPath(new URL("../../packages/server/dist/main.js", import.meta.url));

export function startNode(port, redis) {
  return says(
    start(process.execPath, [SERVER, "serve", "--port", String(port), "--log", redis]),
    "listening",
  );
}

/** Resolves once a port accepts connections. */
async function listens(port, child) {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended with ${child.exitCode}`);
    const socket = connect(port, "127.0.0.1");
    const open = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (open) return;
    await new Promise((done) => setTimeout(done, 20));
  }
}

/** Start nginx in front of all nodes, without sticky sessions. Resolves with its URL when it listens. */
export async function startNginx(ports) {
  const port = await freePort();
  const home = mkdtempSync(join(folder, "nginx-"));
  const servers = ports.map((node) => `server 127.0.0.1:${node} max_fails=0;`).join(" ");
  const config = `
    daemon off; pid ${home}/nginx.pid; error_log ${home}/nginx-error.log;
    events { worker_connections 1024; }
    http {
      access_log off;
      client_body_temp_path ${home}/body; proxy_temp_path ${home}/proxy; fastcgi_temp_path ${home}/fastcgi;
      uwsgi_temp_path ${home}/uwsgi; scgi_temp_path ${home}/scgi;
      upstream nodes { ${servers} }
      server {
        listen 127.0.0.1:${port};
        location / {
          proxy_pass http://nodes;
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          proxy_set_header Host $http_host;
          proxy_read_timeout 90s;
          proxy_request_buffering off; # a server may refuse the type before the body has arrived
          proxy_pass_header X-Accel-Buffering; # obey it here, and forward it to the next proxy
          proxy_next_upstream error timeout; # nginx never repeats a POST: the publisher does, with its key
        }
      }
    }`;
  writeFileSync(join(home, "nginx.conf"), config);
  const args = ["-p", home, "-e", join(home, "nginx-error.log"), "-c", "nginx.conf"];
  await listens(port, start(ensureProgram("nginx"), args));
  return `http://127.0.0.1:${port}`;
}
