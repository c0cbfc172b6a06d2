import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { endWithUs, killed } from "../../../testing/processes/children.ts";
import { editedFiles, ROOT, type UnseenMutant } from "./unseen-mutants.ts";

/** A mutant that listens. */
export interface ServedMutant {
  /** The address of a channel, with `{channel}` for its name. */
  readonly url: string;
  /** Kill the server and start it again at the same address; its messages are lost. */
  restart(): Promise<void>;
  /** End the server and delete its files. */
  close(): Promise<void>;
}

const TYPESCRIPT = new URL("../../../tools/typescript/register.mjs", import.meta.url).href;
const ADDRESS = /^listening on (\S+)/;

/**
 * Serve a mutant from a copy of the sources, on a free port. `options` are further options of the server.
 * @throws Error if the server ends before it listens
 */
export async function serveUnseen(
  mutant: UnseenMutant,
  options: readonly string[] = [],
): Promise<ServedMutant> {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-unseen-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await copySources(mutant, folder);
    let running = await listen(mutant, folder, 0, options);
    const { url } = running;
    const port = Number(new URL(url.replace("{channel}", "c")).port);
    return {
      url,
      async restart() {
        await killed(running.child);
        running = await listen(mutant, folder, port, options);
      },
      close: () => killed(running.child).then(remove),
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Start the server, and wait until it listens. */
async function listen(
  mutant: UnseenMutant,
  folder: string,
  port: number,
  options: readonly string[],
): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const [program, ...args] = commandOf(mutant, folder, port);
  const child = endWithUs(
    spawn(program, [...args, ...mutant.options, ...options], { stdio: ["ignore", "pipe", "inherit"] }),
  );
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = ADDRESS.exec(line) ?? [];
    if (url === undefined) continue;
    child.stdout.resume(); // nothing else is read, and the server must not wait for a reader
    return { url, child };
  }
  throw new Error(`${mutant.id} ended before it listened`);
}

function commandOf({ server }: UnseenMutant, folder: string, port: number): readonly [string, ...string[]] {
  if (server === "python")
    return ["python3", `${folder}/examples/python-server/server.py`, "--port", String(port)];
  const main = `${folder}/packages/server/src/main.ts`;
  const serve = ["serve", "--port", String(port), "--log", "memory", "--allow-remove"];
  return [process.execPath, "--conditions=source", "--import", TYPESCRIPT, main, ...serve];
}

async function copySources(mutant: UnseenMutant, folder: string): Promise<void> {
  const files = await editedFiles(mutant);
  const sources = mutant.server === "python" ? "examples/python-server" : "packages";
  await cp(`${ROOT}${sources}`, `${folder}/${sources}`, {
    recursive: true,
    filter: (path) =>
      !/[\\/](?:dist|node_modules|__pycache__)(?:$|[\\/])|\.test\.ts$/.test(path.slice(ROOT.length)),
  });
  if (mutant.server === "reference") await linkPackages(folder);
  for (const [file, text] of files) await writeFile(`${folder}/${file}`, text);
}

/** Our packages are found in the copy, all others in the repository. */
async function linkPackages(folder: string): Promise<void> {
  await mkdir(`${folder}/node_modules/@tidemark`, { recursive: true });
  for (const name of await readdir(`${folder}/packages`))
    await symlink(`${folder}/packages/${name}`, `${folder}/node_modules/@tidemark/${name}`);
  for (const name of await readdir(`${ROOT}node_modules`))
    if (!name.startsWith(".") && name !== "@tidemark")
      await symlink(`${ROOT}node_modules/${name}`, `${folder}/node_modules/${name}`);
}
