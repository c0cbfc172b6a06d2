import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ConfigError, readText } from "../../engine/config/source-file.ts";
import type { Software } from "../software.ts";
import type { ProxyAdapter } from "./adapter.ts";
import { CADDY, HAPROXY, SQUID, VARNISH } from "./line-based.ts";
import { NGINX } from "./nginx.ts";
import { APACHE, LIGHTTPD } from "./web-servers.ts";

const ADAPTERS: readonly ProxyAdapter[] = [VARNISH, HAPROXY, SQUID, CADDY, LIGHTTPD, APACHE, NGINX];

/** A proxy that runs with a user's configuration. */
export interface RunningProxy {
  readonly software: Software;
  /** Where readers reach the origin. */
  readonly base: URL;
  /** The configuration, as the user wrote it. */
  readonly text: string;
  close(): Promise<void>;
}

/**
 * Start the proxy of a configuration on this machine, in front of an origin. Only addresses are changed: it listens on
 * free ports of 127.0.0.1 and reaches the origin.
 * @throws {ConfigError} for a configuration of unknown software, a missing program, or a mistake that it reports
 */
export async function startProxy(file: string, originPort: number): Promise<RunningProxy> {
  const text = readText(file);
  const adapter = ADAPTERS.find(({ isFor }) => isFor(basename(file), text));
  if (!adapter)
    throw new ConfigError(
      `${file}: for which proxy is this? known: ${ADAPTERS.map(({ software }) => software).join(", ")}`,
    );
  const program = programOf(adapter);
  const folder = mkdtempSync(join(tmpdir(), "tidemark-path-"));
  chmodSync(folder, 0o777); // some proxies write as a user of their own
  const ports = await freePorts(8);
  const mapped = new Map<number, number>();
  const portFor = (port: number): number => {
    const free = mapped.get(port) ?? ports[mapped.size];
    if (free === undefined) throw new ConfigError(`${file}: more than ${ports.length} ports`);
    mapped.set(port, free);
    return free;
  };
  const prepared = adapter.prepare(text, {
    origin: { host: "127.0.0.1", port: originPort },
    portFor,
    folder,
  });
  const close = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    for (const [name, content] of Object.entries(prepared.files)) writeFileSync(join(folder, name), content);
    mkdirSync(join(folder, "cache"), { mode: 0o777 });
    chmodSync(join(folder, "cache"), 0o777);
    if (/\bssl\b/.test(text)) writeCertificate(folder);
    if (prepared.check) check(file, program, prepared.check, folder);
    const port = portFor(prepared.listens);
    const stop = await run(file, program, prepared.args, folder, port);
    const scheme = prepared.isSecure ? "https" : "http";
    const base = new URL(`${scheme}://127.0.0.1:${port}${prepared.path}`);
    const end = async (): Promise<void> => {
      await stop();
      close();
    };
    return { software: adapter.software, base, text, close: end };
  } catch (error) {
    close();
    throw error;
  }
}

function programOf({ software, programs }: ProxyAdapter): string {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  const found = programs
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
  if (found === undefined)
    throw new ConfigError(`${software} is not installed (${programs.join(" or ")} is not on the PATH)`);
  return found;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => new Promise((done) => server.once("listening", done))));
  const ports = servers.map((server) => Number((server.address() as { port: number }).port));
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

/** Let the proxy check the configuration. @throws {ConfigError} with its words, and the user's file in them */
function check(file: string, program: string, args: readonly string[], folder: string): void {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: folder,
    encoding: "utf8",
    env: environment(folder),
  });
  if (status === 0) return;
  const said = `${stdout}${stderr}`.replaceAll(new RegExp(`${folder}/[\\w.]+`, "g"), file).trim();
  throw new ConfigError(`${file}: ${basename(program)} rejects it:\n${said.slice(0, 2_000)}`);
}

function environment(folder: string): NodeJS.ProcessEnv {
  return { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
}

async function run(
  file: string,
  program: string,
  args: readonly string[],
  folder: string,
  port: number,
): Promise<() => Promise<void>> {
  const child = spawn(program, args, {
    cwd: folder,
    env: environment(folder),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const keep = (text: Buffer): void => {
    said = (said + text.toString()).slice(-4_000);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  // Twice: another program may have tried the port for a moment.
  for (let tries = 0, seen = 0; seen < 2; tries += 1) {
    seen = (await accepts(port)) ? seen + 1 : 0;
    if (child.exitCode !== null || tries > 600) {
      await stopChild(child, exited);
      throw new ConfigError(`${file}: ${basename(program)} does not start:\n${said}${logOf(folder)}`);
    }
    await delay(50);
  }
  return () => stopChild(child, exited);
}

function logOf(folder: string): string {
  const log = ["error.log", "cache.log"].map((name) => join(folder, name)).find((path) => existsSync(path));
  return log === undefined ? "" : readFileSync(log, "utf8").slice(-2_000);
}

async function stopChild(child: ChildProcess, exited: Promise<void>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 3_000);
  await exited;
  clearTimeout(late);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (isOpen: boolean): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once("connect", () => end(true)).once("error", () => end(false));
  });
}

/** A certificate for this run, so that a configuration with TLS can start without the user's key. */
function writeCertificate(folder: string): void {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const words = [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-days",
    "2",
  ];
  const { status, stderr } = spawnSync(
    "openssl",
    [...words, "-subj", "/CN=localhost", "-keyout", key, "-out", cert],
    { encoding: "utf8" },
  );
  if (status !== 0)
    throw new ConfigError(`openssl cannot make a certificate: ${stderr ?? "it is not installed"}`);
  writeFileSync(join(folder, "both.pem"), readFileSync(cert, "utf8") + readFileSync(key, "utf8"), {
    mode: 0o600,
  });
  chmodSync(key, 0o644);
}
