import { dirname, resolve } from "node:path";
import type { Validator } from "../../generated/validate.js";
import { faultLines } from "./faults.ts";
import { ConfigError, SourceFile } from "./source-file.ts";

/** A configuration, and the file that it came from. */
export interface LoadedFile<Config> {
  readonly config: Config;
  readonly file: SourceFile;
  /** The folder that its paths are relative to. */
  readonly folder: string;
  /** The absolute path of its baseline. */
  readonly baselineFile: string | undefined;
}

/** Read a configuration in YAML or JSON. @throws {ConfigError} with one line, and a place, for each fault */
export function loadFile<Config extends { readonly baseline?: string }>(
  path: string,
  validate: Validator<Config>,
): LoadedFile<Config> {
  const file = SourceFile.read(path);
  const { value } = file;
  if (!validate(value)) throw new ConfigError(faultLines(file, validate.errors ?? []).join("\n"));
  const folder = dirname(resolve(path));
  const { baseline } = value;
  return {
    config: value,
    file,
    folder,
    baselineFile: baseline === undefined ? undefined : resolve(folder, baseline),
  };
}
