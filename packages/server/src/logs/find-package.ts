import { existsSync, readFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** A package to look for, or the path of a module, and the name to open the log with. */
export interface Candidate {
  readonly specifier: string;
  readonly name: string;
}

const NAMED = /^(\.{1,2}\/[^:]*|\/[^:]*|@[\w.-]+\/[\w.-]+)(?::(.*))?$/s;
const SCHEME = /^([a-z][a-z0-9.-]*)(?:\+[a-z0-9.+-]+)?(?::(.*))?$/s;

/**
 * What the name of a log can mean, most likely first. A variant after `+` and the `s` of a scheme for TLS, as in
 * `rediss:`, belong to the same package.
 *
 * @throws RangeError for an invalid name
 */
export function candidatesOf(name: string): readonly Candidate[] {
  const [, named, argument = ""] = NAMED.exec(name) ?? [];
  if (named !== undefined) return [{ specifier: named, name: argument }];
  const [, scheme, rest = ""] = SCHEME.exec(name) ?? [];
  if (scheme === undefined)
    throw new RangeError(`Invalid log ${name}: expected scheme:…, package:… or ./module.mjs:…`);
  const schemes = scheme.endsWith("s") ? [scheme, scheme.slice(0, -1)] : [scheme];
  const byScheme = schemes.flatMap((each) => [`@tidemark/log-${each}`, `tidemark-log-${each}`]);
  const asPackage = rest.startsWith("//") || isBuiltin(scheme) ? [] : [{ specifier: scheme, name: rest }];
  return [...byScheme.map((specifier) => ({ specifier, name })), ...asPackage];
}

/** The URL of a package's or module's code, or undefined if it is not installed. @throws Error if it has no code */
export function locate(specifier: string, folders: readonly string[]): string | undefined {
  if (/^[./]/.test(specifier)) {
    const path = resolve(specifier);
    return existsSync(path) ? pathToFileURL(path).href : undefined;
  }
  for (const folder of folders) {
    const require = createRequire(join(folder, "any.js"));
    const found = (require.resolve.paths(specifier) ?? [])
      .map((path) => join(path, specifier))
      .find((path) => existsSync(join(path, "package.json")));
    if (found !== undefined) return pathToFileURL(codeOf(require, specifier, found)).href;
  }
  return undefined;
}

/** The path of a package's code. `require.resolve` does not know entries that are only for `import`. */
function codeOf(require: NodeJS.Require, specifier: string, folder: string): string {
  try {
    return require.resolve(specifier);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_PACKAGE_PATH_NOT_EXPORTED") throw error;
    const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const entry = importedEntry(exports?.["."] ?? exports);
    if (entry === undefined) throw error;
    return join(folder, entry);
  }
}

function importedEntry(exports: unknown): string | undefined {
  if (typeof exports === "string") return exports;
  if (typeof exports !== "object" || exports === null) return undefined;
  const conditions = Object.entries(exports).filter(([name]) => ["node", "import", "default"].includes(name));
  return conditions.map(([, value]) => importedEntry(value)).find((entry) => entry !== undefined);
}

/** The folders from which packages are resolved: that of this package, then the user's. */
export function searchedFolders(): readonly string[] {
  return [dirname(createRequire(import.meta.url).resolve("../../package.json")), process.cwd()];
}
