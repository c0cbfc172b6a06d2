import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Exchange } from "../engine/wire/exchange.ts";
import { buildRequest } from "../engine/wire/request.ts";
import { scriptedServer } from "./scripted-server.ts";

/** An nginx in front of a server. */
export interface Nginx {
  readonly origin: string;
  close(): Promise<void>;
}

/** Start this nginx program as a proxy for an origin, with these lines in its `location` block. */
export async function nginx(program: string, upstream: string, location: string): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), "nginx-"));
  const free = await scriptedServer(() => undefined);
  await free.close();
  writeFileSync(join(folder, "nginx.conf"), configuration(new URL(free.origin).host, upstream, location));
  const child = spawn(program, ["-p", folder, "-c", "nginx.conf", "-e", "error.log"], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const exited = once(child, "exit");
  await listening(free.origin, () => child.exitCode !== null);
  return {
    origin: free.origin,
    async close(): Promise<void> {
      child.kill();
      await exited;
      rmSync(folder, { recursive: true });
    },
  };
}

function configuration(listen: string, upstream: string, location: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `${kind}_temp_path ${kind};`,
  );
  return `daemon off; pid nginx.pid; worker_processes 1; error_log error.log;
events { worker_connections 64; }
http { access_log off; ${temporary.join(" ")}
  server { listen ${listen}; location / { proxy_pass ${upstream}; ${location} } } }
`;
}

async function listening(origin: string, ended: () => boolean): Promise<void> {
  for (;;) {
    const look = await new Exchange(buildRequest({ url: origin })).done(1_000);
    if (look.status !== undefined) return;
    if (ended()) throw new Error("nginx ended without listening");
    await delay(20);
  }
}
