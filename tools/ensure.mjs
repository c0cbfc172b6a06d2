// Finds the system programs that the tests need, or installs them with Debian's package manager.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/**
 * Programs that the tests need: possible names, the Debian package, and a variable that overrides the path. Programs
 * with `tier: "peers"` are needed only by `npm test -- --peers`.
 * @satisfies {Record<string, { names: string[], package: string, variable: string, tier?: "peers" }>}
 */
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
  haproxy: { names: ["haproxy"], package: "haproxy", variable: "HAPROXY", tier: "peers" },
  apache2: { names: ["apache2"], package: "apache2", variable: "APACHE2", tier: "peers" },
  varnishd: { names: ["varnishd"], package: "varnish", variable: "VARNISHD", tier: "peers" },
  squid: { names: ["squid"], package: "squid", variable: "SQUID", tier: "peers" },
  caddy: { names: ["caddy"], package: "caddy", variable: "CADDY", tier: "peers" },
  lighttpd: { names: ["lighttpd"], package: "lighttpd", variable: "LIGHTTPD", tier: "peers" },
  prometheus: {
    names: ["prometheus"],
    package: "prometheus",
    variable: "PROMETHEUS",
    tier: "peers",
  },
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

/** A program that a test needs is missing. The test is then skipped by name; on CI, it fails. */
export class MissingProgram extends Error {
  code = "MISSING_PROGRAM";
}

/**
 * Install a Debian package as root. Processes that do this at the same time wait for each other.
 * @param {string} name
 */
export function installPackage(name) {
  if (process.getuid?.() !== 0) throw new MissingProgram("only root can install packages");
  console.error(`installing ${name}`);
  const run = ["-qq", "-o", "DPkg::Lock::Timeout=300"];
  const lock = join(tmpdir(), "tidemark-install.lock");
  for (const words of [["update"], ["install", "-y", "--no-install-recommends", name]]) {
    const { status, stderr, error } = spawnSync("flock", [lock, "apt-get", ...run, ...words], {
      encoding: "utf8",
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
    if (status !== 0)
      throw new MissingProgram(`apt-get ${words.join(" ")}: ${error?.message ?? stderr.trim()}`);
  }
}

/**
 * The path of a program, which is installed if missing. Throws `MissingProgram`, which says what to do.
 * @param {keyof typeof PROGRAMS} name
 * @returns {string}
 */
export function ensureProgram(name) {
  const program = PROGRAMS[name];
  const found = find(program);
  if (found) return found;
  const hint = `${name} is missing; install the package ${program.package}, or set ${program.variable} to its path`;
  try {
    installPackage(program.package);
  } catch (cause) {
    throw new MissingProgram(`${hint} (${cause instanceof Error ? cause.message : cause})`, { cause });
  }
  const installed = find(program);
  if (!installed) throw new MissingProgram(`${hint} (none of ${program.names} is on the PATH)`);
  return installed;
}

/**
 * Install every program that the tests of a tier need, before several processes start to install the same one.
 * Returns what is still missing, and why.
 * @param {"peers"} [tier] the ordinary tests, if left out
 * @returns {string[]}
 */
export function ensurePrograms(tier) {
  const missing = [];
  for (const name of Object.keys(PROGRAMS).filter((one) => PROGRAMS[one].tier === tier)) {
    try {
      ensureProgram(/** @type {keyof typeof PROGRAMS} */ (name));
    } catch (error) {
      if (!(error instanceof MissingProgram)) throw error;
      missing.push(error.message);
    }
  }
  return missing;
}
