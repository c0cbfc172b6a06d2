import { dirname, resolve } from "node:path";
import { faultLines } from "../../../../engine/config/faults.ts";
import { ConfigError, SourceFile } from "../../../../engine/config/source-file.ts";
import { validateConfig } from "../../../../generated/validate.js";
import type { Config } from "./config.ts";

/** A configuration, and the file that it came from. */
export interface LoadedConfig {
  readonly config: Config;
  readonly file: SourceFile;
  /** The folder that its paths are relative to. */
  readonly folder: string;
  /** The absolute path of its baseline. */
  readonly baselineFile: string | undefined;
}

/** Read a configuration in YAML or JSON. @throws {ConfigError} with one line, and a place, for each fault */
export function loadConfig(path: string): LoadedConfig {
  const file = SourceFile.read(path);
  const value = file.value;
  if (!validateConfig(value)) throw new ConfigError(faultLines(file, validateConfig.errors ?? []).join("\n"));
  const folder = dirname(resolve(path));
  const { baseline } = value;
  return {
    config: value,
    file,
    folder,
    baselineFile: baseline === undefined ? undefined : resolve(folder, baseline),
  };
}
