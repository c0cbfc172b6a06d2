import { readdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { faultLines } from "../../../engine/config/faults.ts";
import { ConfigError, SourceFile } from "../../../engine/config/source-file.ts";
import type { Driver } from "../../../engine/drive/driver.ts";
import { validateDialect } from "../../../generated/validate.js";
import type { Interpreter } from "../read/answer.ts";
import type { Dialect } from "./dialect.ts";

/** The folder of the dialects that come with this package. */
const FOLDER = fileURLToPath(new URL("../../../../dialects/", import.meta.url));

/** A dialect, and what its module adds. */
export interface LoadedDialect {
  /** The name of a dialect of this package, or the path of a file. */
  readonly name: string;
  readonly dialect: Dialect;
  readonly interpreter: Interpreter;
  /** Publishes what templates cannot express. */
  readonly driver?: Driver;
}

/** The names of the dialects that come with this package. */
export function dialectNames(): readonly string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => file.slice(0, -".yaml".length))
    .sort();
}

/** Whether a text is the path of a file, and not the name of a dialect of this package. */
export function isDialectFile(nameOrFile: string): boolean {
  return /[./\\]/.test(nameOrFile);
}

/** Read a dialect by its name, or from a file. @throws {ConfigError} with one line, and a place, for each fault */
export async function loadDialect(nameOrFile: string): Promise<LoadedDialect> {
  const isFile = isDialectFile(nameOrFile);
  if (!isFile && !dialectNames().includes(nameOrFile))
    throw new ConfigError(
      `unknown dialect ${nameOrFile}; choose ${dialectNames().join(", ")}, or pass the path of a file`,
    );
  const path = isFile ? nameOrFile : `${FOLDER}${nameOrFile}.yaml`;
  const file = SourceFile.read(path);
  const { value } = file;
  if (!validateDialect(value))
    throw new ConfigError(faultLines(file, validateDialect.errors ?? []).join("\n"));
  if (!value.poll && !value["long-poll"] && !value.sse)
    throw new ConfigError(`${file.place([])}: no way to read: add poll, long-poll or sse`);
  return { name: nameOrFile, dialect: value, ...(await moduleOf(value, path, file)) };
}

async function moduleOf(
  { module }: Dialect,
  path: string,
  file: SourceFile,
): Promise<Pick<LoadedDialect, "interpreter" | "driver">> {
  if (module === undefined) return { interpreter: {} };
  try {
    const loaded: Readonly<Record<string, unknown>> = await import(
      pathToFileURL(resolve(dirname(resolve(path)), module)).href
    );
    const { response, event, driver } = loaded;
    const interpreter = {
      ...(typeof response === "function" ? { response } : {}),
      ...(typeof event === "function" ? { event } : {}),
    } as Interpreter;
    if (Object.keys(interpreter).length === 0 && driver === undefined)
      throw new TypeError("it exports none of response, event and driver");
    return { interpreter, ...(driver === undefined ? {} : { driver: driver as Driver }) };
  } catch (error) {
    throw new ConfigError(
      `${file.place(["module"])}: module: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
