// Finds a program of the system that the tests need, or installs it with Debian's package manager.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** Programs the tests need: the names they go by, and the Debian package that brings them. */
const PROGRAMS = {
  chromium: {
    names: ["chromium", "chromium-browser", "google-chrome"],
    package: "chromium",
    variable: "CHROMIUM_PATH",
  },
  python3: { names: ["python3"], package: "python3", variable: "PYTHON" },
  openssl: { names: ["openssl"], package: "openssl", variable: "OPENSSL" },
  curl: { names: ["curl"], package: "curl", variable: "CURL" },
  strace: { names: ["strace"], package: "strace", variable: "STRACE" },
  nginx: { names: ["nginx"], package: "nginx-light", variable: "NGINX" },
  "redis-server": { names: ["redis-server"], package: "redis-server", variable: "REDIS_SERVER" },
  "nats-server": { names: ["nats-server"], package: "nats-server", variable: "NATS_SERVER" },
};

function find({ names, variable }) {
  const named = process.env[variable];
  if (named) return named;
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}

/**
 * Installs a Debian package, one after another also where several processes miss one at the same time.
 * @param {string} name
 */
export function installPackage(name) {
  const run = ["-qq", "-o", "DPkg::Lock::Timeout=300"];
  const lock = join(tmpdir(), "tidemark-install.lock");
  for (const words of [["update"], ["install", "-y", "--no-install-recommends", name]]) {
    const locked = ["flock", lock, "apt-get", ...run, ...words];
    const [command, ...rest] = process.getuid?.() === 0 ? locked : ["sudo", "-n", ...locked];
    const { status, stderr, error } = spawnSync(command, rest, {
      encoding: "utf8",
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
    if (status !== 0) throw new Error(`apt-get ${words.join(" ")}: ${error?.message ?? stderr}`);
  }
}

/**
 * The path of a program, installed if it is missing.
 * @param {keyof typeof PROGRAMS} name
 * @returns {string}
 */
export function ensureProgram(name) {
  const program = PROGRAMS[name];
  const found = find(program);
  if (found) return found;
  console.error(`${name} is missing: installing ${program.package}`);
  installPackage(program.package);
  const installed = find(program);
  if (!installed)
    throw new Error(
      `${program.package} was installed, but none of ${program.names} is on the PATH; set ${program.variable}`,
    );
  return installed;
}

/** Every program that the tests need, before processes start that would miss one while another installs it. */
export function ensurePrograms() {
  for (const name of Object.keys(PROGRAMS)) ensureProgram(/** @type {keyof typeof PROGRAMS} */ (name));
}
