import type { RunReport } from "@tidemark/conformance";

/** Requirements that the run's tests show; a MAY is a right, and cannot be violated. */
export function shown(report: RunReport): string[] {
  return (report.summary?.requirements ?? [])
    .filter(({ level, tests }) => level !== "MAY" && tests.length > 0)
    .map(({ requirement }) => requirement);
}

/** Requirements without a test. */
export function untested(report: RunReport): string[] {
  return (report.summary?.requirements ?? [])
    .filter(({ tests }) => tests.length === 0)
    .map(({ requirement }) => requirement);
}
