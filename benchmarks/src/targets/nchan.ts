import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../../../testing/processes/free-port.ts";
import { ensureProgram, installPackage } from "../../../tools/ensure.mjs";
import { fieldOf } from "../load/connection.ts";
import { type Dialect, get, type Started, send, type Target } from "./target.ts";

const MODULE = "/usr/lib/nginx/modules/ngx_nchan_module.so";

/** A position is a time in seconds and a tag within that second, in two header fields. */
function since(from: string | undefined): Readonly<Record<string, string>> {
  const [time, tag] = from?.split(" @ ") ?? [];
  return time === undefined || tag === undefined ? {} : { "If-Modified-Since": time, "If-None-Match": tag };
}

const dialect: Dialect = {
  publish: (channel, text) => send("POST", `/publish/${channel}`, text),
  stream: (channel) => get(`/stream/${channel}`, { Accept: "text/event-stream" }),
  replay: (channel) => get(`/replay/${channel}`, { Accept: "text/event-stream" }),
  poll: (channel, from, _limit) => get(`/poll/${channel}`, since(from)),
  wait: (channel, from) => get(`/wait/${channel}`, since(from)),
  positionOf: (answer) => `${fieldOf(answer, "last-modified")} @ ${fieldOf(answer, "etag")}`,
  hasMore: ({ status }) => status === 200,
};

/** Nchan, a module of nginx in C, as Debian ships it; one worker, its log in shared memory. */
export const nchan: Target = { name: "nchan", title: "Nchan (nginx, C)", dialect, start };

async function start(): Promise<Started> {
  const nginx = ensureProgram("nginx");
  if (!existsSync(MODULE)) installPackage("libnginx-mod-nchan");
  const folder = mkdtempSync(join(tmpdir(), "tidemark-nchan-"));
  const port = await freePort();
  writeFileSync(join(folder, "nginx.conf"), configuration(port));
  const child = spawn(nginx, ["-p", folder, "-c", join(folder, "nginx.conf")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let told = "";
  child.stderr?.on("data", (text) => {
    told += text;
  });
  await listening(port, child, () => told);
  const stop = async (): Promise<void> => {
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return { port, pid: await workerOf(child), stop };
}

function configuration(port: number): string {
  const place = (name: string, ...directives: readonly string[]): string =>
    `location ~ ^/${name}/(\\w+)$ { nchan_channel_id $1; ${directives.map((text) => `${text};`).join(" ")} }`;
  return `load_module ${MODULE};
daemon off; worker_processes 1; pid nginx.pid; error_log stderr error; ${process.getuid?.() === 0 ? "user root;" : ""}
worker_rlimit_nofile 40000;
events { worker_connections 30000; multi_accept on; }
http {
  access_log off; nchan_shared_memory_size 512M; keepalive_requests 100000000; keepalive_timeout 600s;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  server {
    listen 127.0.0.1:${port} backlog=1024;
    ${place("publish", "nchan_publisher", "nchan_message_buffer_length 200000", "nchan_message_timeout 1h")}
    ${place("stream", "nchan_subscriber eventsource", "nchan_subscriber_first_message newest")}
    ${place("replay", "nchan_subscriber eventsource", "nchan_subscriber_first_message oldest")}
    ${place("wait", "nchan_subscriber longpoll", "nchan_subscriber_first_message oldest")}
    ${place("poll", "nchan_subscriber intervalpoll", "nchan_subscriber_first_message oldest")}
  }
}`;
}

/** The process id of nginx's worker, once it has started. */
async function workerOf({ pid }: ChildProcess): Promise<number> {
  for (;;) {
    const [worker = ""] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
    if (worker !== "") return Number(worker);
    await pause(10);
  }
}

async function listening(port: number, child: ChildProcess, told: () => string): Promise<void> {
  const ATTEMPTS = 200;
  for (let attempt = 0; attempt < ATTEMPTS && child.exitCode === null; attempt += 1) {
    const socket = connect(port, "127.0.0.1");
    const isThere = await Promise.race([
      once(socket, "connect").then(
        () => true,
        () => false,
      ),
    ]);
    socket.destroy();
    if (isThere) return;
    await pause(25);
  }
  throw new Error(`nginx does not answer: ${told()}`);
}
