import { type ChildProcess, execFile, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { endWithUs, killed } from "../../testing/processes/children.ts";
import { freePort } from "../../testing/processes/free-port.ts";
import { ensureProgram } from "../../tools/ensure.mjs";
import { bridge } from "./bridge.ts";
import { layOut } from "./lay-out.ts";
import { RECIPES, type Recipe, type RecipeName } from "./recipes.ts";

const PROGRAMS = fileURLToPath(new URL("../node_modules/.bin/", import.meta.url));
const SELF_SIGNED =
  "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost";

/** What a server holds. */
export interface Held {
  readonly streams: number;
  readonly held: number;
  readonly feeds: number;
  /** Bytes of its process in memory. */
  readonly rss: number;
}

/** A recipe that listens. */
export interface Running {
  readonly origin: string;
  /** The URL of the channels, without the name of one. */
  readonly channels: string;
  /** Ask its control port, for example `/stats`. */
  control(path: string): Promise<Held>;
  close(): Promise<void>;
}

/** A recipe in an application of its own. */
export interface Installed {
  /** Start it, and wait until it answers. @throws if it ends before that, with its output */
  start(env?: Readonly<Record<string, string>>): Promise<Running>;
  remove(): Promise<void>;
}

/** Install a recipe, and build it if its framework needs that. */
export async function installRecipe(name: RecipeName): Promise<Installed> {
  const recipe: Recipe = RECIPES[name];
  const { folder, remove } = await layOut(recipe);
  await prepare(recipe, folder);
  return { start: (env = {}) => start(recipe, folder, env), remove };
}

async function start(
  recipe: Recipe,
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<Running> {
  const port = await freePort();
  const [program = "", ...args] = commandOf(recipe, port);
  const own = { ...env, PORT: String(port), NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" } as const;
  const options = { cwd: folder, env: { ...process.env, ...own }, stdio: "pipe" } as const;
  const child = endWithUs(spawn(program, args, options));
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  const bridged = recipe.http2 === true ? await bridge(port) : undefined;
  const origin = `http://127.0.0.1:${bridged?.port ?? port}`;
  const running: Running = {
    origin,
    channels: `${origin}${recipe.base ?? "/channels"}`,
    async control(path) {
      const [, own] = /^control (\d+)$/m.exec(output) ?? [];
      return (await (await fetch(`http://127.0.0.1:${own}${path}`)).json()) as Held;
    },
    async close() {
      bridged?.close();
      await killed(child);
    },
  };
  try {
    await answers(`${running.channels}/ready`, child, () => output);
  } catch (error) {
    await running.close();
    throw error;
  }
  return running;
}

/** Write the certificate, or build the application of Next.js, with its compression on, as by default. */
async function prepare(recipe: Recipe, folder: string): Promise<void> {
  const run = promisify(execFile);
  if (recipe.http2 === true)
    await run(
      ensureProgram("openssl"),
      [...SELF_SIGNED.split(" "), "-keyout", "key.pem", "-out", "cert.pem"],
      {
        cwd: folder,
      },
    );
  if (recipe.next !== undefined) {
    const { PORT: _, ...rest } = process.env;
    const env = { ...rest, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" as const };
    await run(`${PROGRAMS}next`, ["build"], { cwd: folder, env });
  }
}

function commandOf({ runtime = "node", file, next }: Recipe, port: number): readonly string[] {
  if (next !== undefined)
    return [`${PROGRAMS}next`, "start", "--port", String(port), "--hostname", "127.0.0.1"];
  if (runtime === "deno") return [`${PROGRAMS}deno`, "run", "--allow-all", file];
  return [runtime === "bun" ? `${PROGRAMS}bun` : process.execPath, file];
}

/** Wait until a URL is answered and the control port is known. */
async function answers(url: string, child: ChildProcess, output: () => string): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.status === 200 && /^control \d+$/m.test(output())) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the recipe ended with ${child.exitCode ?? child.signalCode}:\n${output()}`);
}
