import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type ExtraHeader, parseExtraHeader } from "../wire/secrets.ts";
import { ConfigError, type SourceFile } from "./source-file.ts";

/**
 * Where the value of a header comes from: an environment variable or a file. It is never printed.
 */
export interface HeaderSource {
  /**
   * The name of an environment variable.
   * @pattern ^[A-Za-z_][A-Za-z0-9_]*$
   */
  readonly env?: string;
  /** A file, relative to this one. White space around its content is trimmed. */
  readonly file?: string;
  /** A prefix of the value, such as `Bearer ` with its space. */
  readonly prefix?: string;
}

/** Header fields by name. */
export interface Headers {
  readonly [name: string]: HeaderSource;
}

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Read the values of header fields from their sources. @throws {ConfigError} when a source is missing */
export function headersOf(
  loaded: { readonly file: SourceFile; readonly folder: string },
  path: readonly string[],
  headers: Headers = {},
  env: Environment = process.env,
): readonly ExtraHeader[] {
  return Object.entries(headers).map(([name, source]) => {
    try {
      return headerOf(name, source, loaded.folder, env);
    } catch (error) {
      const place = loaded.file.place(path, name);
      throw new ConfigError(`${place}: ${[...path, name].join(".")}: ${(error as Error).message}`);
    }
  });
}

function headerOf(name: string, source: HeaderSource, folder: string, env: Environment): ExtraHeader {
  const { env: variable, file, prefix = "" } = source;
  if ((variable === undefined) === (file === undefined))
    throw new TypeError("exactly one of env and file is needed, to say where the value is");
  if (file === undefined) return parseExtraHeader(`${name}: ${prefix}env:${variable}`, env);
  const held = readFileSync(resolve(folder, file), "utf8").trim();
  if (held === "") throw new TypeError(`the file ${file} is empty`);
  // Pass the content as a variable, so that `env:` in it is not expanded.
  const { value, secrets } = parseExtraHeader(`${name}: ${prefix}env:FILE`, { FILE: held });
  return { name, value, secrets };
}
