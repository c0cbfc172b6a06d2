// The import table of the architecture as data, and a reader of imports.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** What the sources of a workspace may import, apart from relative paths inside it. */
export interface ImportRule {
  /** Sibling packages, without the scope. `x/*` also allows the subpaths of `x`. */
  readonly siblings: readonly string[];
  /** Packages from the registry. */
  readonly packages: readonly string[];
  /** Whether `node:` modules are allowed. */
  readonly node: boolean;
  /** What individual files may import in addition, by their paths inside the workspace. */
  readonly files?: Readonly<Record<string, Partial<Omit<ImportRule, "files">>>>;
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
export function shippedSources(workspace: string): string[] {
  return readdirSync(join(workspace, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[mc]?[jt]s$/.test(entry.name))
    .filter((entry) => !/\.test\.ts$|\.d\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !relative(workspace, path).startsWith(join("src", "testing")));
}

/** The imports in a workspace's shipped sources that its rule forbids, including relative paths out of its folder. */
export function forbiddenImports(workspace: string, rule: ImportRule): ForbiddenImport[] {
  return shippedSources(workspace).flatMap((path) => {
    const file = relative(workspace, path);
    const extra = rule.files?.[file] ?? {};
    return importsOf(readFileSync(path, "utf8"))
      .filter((specifier) => leavesWorkspace(file, specifier) || !isAllowed(specifier, rule, extra))
      .map((specifier) => ({ file, specifier }));
  });
}

function leavesWorkspace(file: string, specifier: string): boolean {
  return specifier.startsWith(".") && join(file, "..", specifier).startsWith("..");
}
