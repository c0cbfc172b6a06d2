import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endWithUs, killed } from "../../testing/processes/children.ts";
import { ensureProgram } from "../../tools/ensure.mjs";

/** nginx with Debian's nchan, on a free port. */
export interface NchanServer {
  readonly url: string;
  /** `1.3.6 (Debian 1:1.3.6+dfsg-2)`. */
  readonly version: string;
  close(): Promise<void>;
}

const PACKAGE = "libnginx-mod-nchan";
const INSTALLED = "/usr/lib/nginx/modules/ngx_nchan_module.so";

/** Start it. The package is only unpacked, so that the system's nginx stays as it is. @throws {Error} without it */
export async function startNchan(): Promise<NchanServer> {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-nchan-"));
  const { module, version } = findModule(folder);
  const port = await freePort();
  writeFileSync(join(folder, "nginx.conf"), configuration(module, folder, port));
  const child = endWithUs(
    spawn(ensureProgram("nginx"), ["-c", join(folder, "nginx.conf"), "-g", "daemon off;"], {
      stdio: ["ignore", "ignore", "pipe"],
    }),
  );
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-2_000);
  });
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`nginx ended before it was ready:\n${said}`);
    const answers = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answers) return { url, version, close: () => killed(child) };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function findModule(folder: string): { readonly module: string; readonly version: string } {
  const policy = spawnSync("apt-cache", ["show", PACKAGE], { encoding: "utf8" }).stdout ?? "";
  const debian = /^Version: (.*)$/m.exec(policy)?.[1] ?? "unknown";
  const version = `${/^(?:\d+:)?([\d.]+)/.exec(debian)?.[1] ?? ""} (Debian ${debian})`;
  if (existsSync(INSTALLED)) return { module: INSTALLED, version };
  spawnSync("apt-get", ["download", PACKAGE], { cwd: folder });
  const file = readdirSync(folder).find((name) => name.endsWith(".deb"));
  if (file === undefined) throw new Error(`${PACKAGE} cannot be downloaded with apt-get`);
  spawnSync("dpkg", ["-x", file, "."], { cwd: folder });
  return { module: join(folder, INSTALLED), version };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((listening) => probe.listen(0, "127.0.0.1", listening));
  const address = probe.address();
  await new Promise((closed) => probe.close(closed));
  return typeof address === "object" && address !== null ? address.port : 0;
}

function configuration(module: string, folder: string, port: number): string {
  const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `load_module ${module};
pid ${folder}/nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  ${kinds.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(" ")}
  server {
    listen 127.0.0.1:${port};
    location ~ ^/pub/(\\w+)$ { nchan_publisher; nchan_channel_id $1; nchan_message_buffer_length 300; nchan_message_timeout 5m; }
    location ~ ^/sub/(\\w+)$ { nchan_subscriber longpoll eventsource; nchan_channel_id $1; nchan_subscriber_first_message oldest; nchan_subscriber_timeout 3s; }
    location ~ ^/poll/(\\w+)$ { nchan_subscriber intervalpoll; nchan_channel_id $1; nchan_subscriber_first_message oldest; }
  }
}
`;
}
