import { existsSync } from "node:fs";
import { validateBaseline } from "../../generated/validate.js";
import { faultLines } from "../config/faults.ts";
import { ConfigError, SourceFile } from "../config/source-file.ts";
import type { Baseline } from "./baseline.ts";

/**
 * Read a baseline in YAML or JSON. An empty file has no entries, and neither has a missing one if it is
 * `optional`.
 * @throws {ConfigError} with the place of each fault
 */
export function loadBaseline(path: string, options: { readonly optional?: boolean } = {}): Baseline {
  if (options.optional && !existsSync(path)) return [];
  if (!existsSync(path)) throw new ConfigError(`${path}: no such file; --update-baseline creates it`);
  const file = SourceFile.read(path);
  const value = file.value ?? [];
  if (!validateBaseline(value))
    throw new ConfigError(faultLines(file, validateBaseline.errors ?? []).join("\n"));
  const seen = new Set<string>();
  for (const [index, { test }] of value.entries()) {
    if (seen.has(test)) throw new ConfigError(`${file.place([index, "test"])}: ${test} occurs twice`);
    seen.add(test);
  }
  return value;
}
