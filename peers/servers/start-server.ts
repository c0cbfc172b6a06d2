import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { endWithUs, killed } from "../../testing/processes/children.ts";
import type { Ready } from "./programs/program.ts";

/** A third-party server: which packages it is made of, and the program that starts it as its README shows. */
export interface PeerServer {
  readonly id: string;
  /** The npm packages whose versions identify it, the first is the server itself. */
  readonly packages: readonly string[];
  /** The file in `programs/`. */
  readonly program: string;
}

/** A server that is running in a process of its own. */
export interface RunningServer extends Ready {
  /** `better-sse 0.16.1`. */
  readonly version: string;
  /** Whether its process still runs. */
  isAlive(): boolean;
  close(): Promise<void>;
}

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The installed version of a package of this folder. */
export function versionOf(name: string): string {
  return JSON.parse(readFileSync(at(`../node_modules/${name}/package.json`), "utf8")).version;
}

/** Start a server. Rejects if its program ends before it is ready. */
export async function startServer(
  { packages, program }: PeerServer,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningServer> {
  const words = ["--conditions=source", "--import", at("../../tools/typescript/register.mjs")];
  const child = endWithUs(
    spawn(process.execPath, [...words, at(`programs/${program}`)], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    }),
  );
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-4_000);
  });
  const ended = once(child, "close").then(() => {
    throw new Error(`${program} ended before it was ready:\n${said}`);
  });
  const [line] = await Promise.race([once(createInterface(child.stdout), "line"), ended]);
  ended.catch(() => undefined); // from now on, the tests ask whether it is alive
  const told: Ready = JSON.parse(line);
  return {
    ...told,
    version: packages.map((name) => `${name} ${versionOf(name)}`).join(", "),
    isAlive: () => child.exitCode === null && child.signalCode === null,
    close: () => killed(child),
  };
}
