// The import table of the architecture as data, and a reader of imports.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** What the sources of a workspace may import, apart from relative paths inside it. */
export interface ImportRule {
  /** Sibling packages, without the scope. `x/*` also allows the subpaths of `x`. */
  readonly siblings: readonly string[];
  /** Packages from the registry. */
  readonly packages: readonly string[];
  /** Whether `node:` modules are allowed. */
  readonly node: boolean;
  /** What individual files may import in addition, by their paths inside the workspace. */
  readonly files?: Readonly<Record<string, Partial<Pick<ImportRule, "siblings" | "packages" | "node">>>>;
  /** The folder of the sources. @defaultValue "src" */
  readonly sources?: string;
  /** Folders of the workspace, and which others each may import. A folder always may import itself. */
  readonly folders?: Readonly<Record<string, readonly string[]>>;
  /** Folders of the repository that relative paths may lead to, beside the workspace itself. */
  readonly reaches?: readonly string[];
}

/** An import that the table does not allow. */
export interface ForbiddenImport {
  readonly file: string;
  readonly specifier: string;
}

const importPattern =
  /(?:^|[;\s])(?:import|export)\s+(?:[^"';]*?\sfrom\s+)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/g;

/** The module specifiers that a source text imports statically or dynamically, including types. */
export function importsOf(source: string): string[] {
  const code = source.replace(/^\s*(\/\/|\*|\/\*).*$/gm, "");
  return [...code.matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? "");
}

function isAllowed(specifier: string, rule: ImportRule, extra: Partial<ImportRule>): boolean {
  if (specifier.startsWith(".")) return true;
  if (specifier.startsWith("node:")) return rule.node || extra.node === true;
  const siblings = [...rule.siblings, ...(extra.siblings ?? [])];
  const scoped = /^@tidemark\/(.+)$/.exec(specifier)?.[1];
  if (scoped !== undefined) {
    return siblings.some(
      (name) => name === scoped || (name.endsWith("/*") && scoped.startsWith(name.slice(0, -1))),
    );
  }
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  return [...rule.packages, ...(extra.packages ?? [])].includes(name);
}

/** The source files of a workspace that are shipped: neither tests nor test helpers. */
export function shippedSources(workspace: string, sources = "src"): string[] {
  return readdirSync(join(workspace, sources), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[mc]?[jt]s$/.test(entry.name))
    .filter((entry) => !/(?:^|\/)(?:node_modules|dist)(?:\/|$)/.test(relative(workspace, entry.parentPath)))
    .filter((entry) => !/\.test\.ts$|\.d\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !relative(workspace, path).startsWith(join("src", "testing")));
}

/** The imports in a workspace's shipped sources that its rule forbids, types included. */
export function forbiddenImports(workspace: string, rule: ImportRule): ForbiddenImport[] {
  return shippedSources(workspace, rule.sources).flatMap((path) => {
    const file = relative(workspace, path);
    const extra = rule.files?.[file] ?? {};
    return importsOf(readFileSync(path, "utf8"))
      .filter(
        (specifier) =>
          leavesWorkspace(workspace, file, specifier, rule.reaches) ||
          leavesFolder(file, specifier, rule.folders) ||
          !isAllowed(specifier, rule, extra),
      )
      .map((specifier) => ({ file, specifier }));
  });
}

function leavesWorkspace(
  workspace: string,
  file: string,
  specifier: string,
  reaches: readonly string[] = [],
): boolean {
  if (!specifier.startsWith(".") || !join(file, "..", specifier).startsWith("..")) return false;
  const target = join(workspace, file, "..", specifier);
  return !reaches.some((folder) => target.startsWith(join(ROOT, folder, "/")));
}

function leavesFolder(file: string, specifier: string, folders: ImportRule["folders"] = {}): boolean {
  const from = Object.keys(folders).find((folder) => file.startsWith(`${folder}/`));
  if (from === undefined || !specifier.startsWith(".")) return false;
  const target = join(file, "..", specifier);
  return ![from, ...(folders[from] ?? [])].some((folder) => target.startsWith(`${folder}/`));
}

/** A group of files that import each other in a circle, types included, by their paths from the root. */
export type ImportCycle = readonly string[];

/** Every circle of imports among these files (Tarjan's algorithm). */
export function importCycles(root: string, files: readonly string[]): readonly ImportCycle[] {
  const known = new Set(files);
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const cycles: ImportCycle[] = [];
  const visit = (file: string): void => {
    order.set(file, order.size);
    lowest.set(file, order.get(file) ?? 0);
    stack.push(file);
    for (const next of relativeImports(file).filter((path) => known.has(path))) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) lowest.set(file, Math.min(lowest.get(file) ?? 0, lowest.get(next) ?? 0));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1) cycles.push(circle.map((path) => relative(root, path)).sort());
  };
  for (const file of files) if (!order.has(file)) visit(file);
  return cycles;
}

/** The files that a file imports by relative paths. A `.js` file that is generated has its types beside it. */
function relativeImports(file: string): string[] {
  return importsOf(readFileSync(file, "utf8"))
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => join(file, "..", specifier))
    .flatMap((path) => [path, path.replace(/\.js$/, ".d.ts")]);
}
