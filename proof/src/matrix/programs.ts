import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const ROOT: string = fileURLToPath(new URL("../../../", import.meta.url));

/** The folder of the clients and their adapters. */
export const ADAPTERS: string = join(ROOT, "examples/adapters");

/** The runtimes in which clients run, each from the npm package that contains its program. */
export const RUNTIMES = {
  "Node 20": { package: "node", version: "20.20.2" },
  "Node 22": { package: "node", version: "22.23.3" },
  "Node 24": { package: "node", version: "24.21.0" },
  Deno: { package: "deno", version: "2.9.6" },
  Bun: { package: "bun", version: "1.4.5" },
} as const;

/** A name in {@link RUNTIMES}. */
export type RuntimeName = keyof typeof RUNTIMES;

/** The command that runs a script in a runtime: the program and its arguments. */
export type Runtime = readonly string[];

/** Runtimes are installed once, outside the repository, so that they do not resolve its packages. */
const FOLDER = join(tmpdir(), "tidemark-runtimes");

/** Run a program to its end; returns its output. @throws if it fails, with the end of its output */
export async function runProgram(program: string, args: readonly string[], cwd: string): Promise<string> {
  const child = spawn(program, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0)
    throw new Error(`${program} ${args.join(" ")} exited with ${code}:\n${output.slice(-2000)}`);
  return output;
}

/** Install a runtime from the npm registry, and check its version. @throws if it cannot be installed */
export async function installRuntime(name: RuntimeName): Promise<Runtime> {
  const { package: source, version } = RUNTIMES[name];
  const folder = join(FOLDER, `${source}-${version}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true }));
  const nodePackage = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const wanted = `${source === "node" ? nodePackage : source}@${version}`;
  await runProgram("npm", ["install", "--save-exact", "--engine-strict=false", wanted], folder);
  const program =
    source === "node"
      ? join(folder, "node_modules", nodePackage, "bin/node")
      : join(folder, "node_modules/.bin", source);
  const said = await runProgram(program, ["--version"], folder);
  if (!said.includes(version)) throw new Error(`${name}: expected version ${version}, got ${said.trim()}`);
  return source === "deno" ? [program, "run", "--allow-all"] : [program];
}

/** Install the other clients in the versions of the lock file beside their adapters. */
export async function installClients(): Promise<void> {
  await runProgram("npm", ["ci", "--engine-strict=false"], ADAPTERS);
}
