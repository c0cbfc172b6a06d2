import { ConfigError, readText } from "../config/source-file.ts";
import type { RunReport } from "../model/event.ts";

/** Read a JSON report. @throws {ConfigError} when the file is not a report, or is incomplete */
export function loadReport(path: string): RunReport {
  const report = parse(path, readText(path));
  if (report.complete !== true)
    throw new ConfigError(`${path}: the report is incomplete because its run was interrupted`);
  if (!Array.isArray(report.tests) || typeof report.verdict !== "object")
    throw new ConfigError(`${path}: not a report of this suite: its tests or its verdict are missing`);
  return report as RunReport;
}

function parse(path: string, text: string): Partial<RunReport> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch (error) {
    throw new ConfigError(`${path}: invalid JSON: ${(error as Error).message}`);
  }
}
