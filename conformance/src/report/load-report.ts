import { ConfigError, readText } from "../config/source-file.ts";
import type { RunReport } from "../run/event.ts";

/** Read a report that the JSON reporter wrote. @throws {ConfigError} when it is none, or was cut short */
export function loadReport(path: string): RunReport {
  const report = parse(path, readText(path));
  if (report.complete !== true)
    throw new ConfigError(`${path}: the run was cut short, its report is not complete`);
  if (!Array.isArray(report.tests) || typeof report.verdict !== "object")
    throw new ConfigError(`${path}: no report of this suite: it has no tests and no verdict`);
  return report as RunReport;
}

function parse(path: string, text: string): Partial<RunReport> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch (error) {
    throw new ConfigError(`${path}: no JSON: ${(error as Error).message}`);
  }
}
