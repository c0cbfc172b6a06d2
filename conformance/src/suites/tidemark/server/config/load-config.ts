import { type LoadedFile, loadFile } from "../../../../engine/config/load-file.ts";
import { validateConfig } from "../../../../generated/validate.js";
import type { Config } from "./config.ts";

/** A configuration of this suite, and the file that it came from. */
export type LoadedConfig = LoadedFile<Config>;

/** Read a configuration in YAML or JSON. @throws {ConfigError} with one line, and a place, for each fault */
export function loadConfig(path: string): LoadedConfig {
  return loadFile(path, validateConfig);
}
