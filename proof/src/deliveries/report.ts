import { httpControl, loadDialect, type RunReport, runDelivery } from "@tidemark/conformance";
import type { Subject } from "../peer/parts.ts";
import { start } from "../peer/start.ts";

type Options = Parameters<typeof runDelivery>[0];

/** Run the suite for deliveries on a URL, in a dialect of the package or of a file. */
export async function deliveryReport(
  dialect: string,
  url: string,
  options: Omit<Options, "url" | "dialect"> = {},
): Promise<RunReport> {
  const all = { seed: 1, ...options, url, dialect: await loadDialect(dialect) };
  for await (const event of runDelivery(all)) if (event.type === "run-finished") return event.report;
  throw new Error("the run ended without a report");
}

/** Start a Tidemark server, run the suite on it, and stop it. */
export async function deliveryReportOn(
  subject: Subject,
  options: Omit<Options, "url" | "dialect"> = {},
): Promise<RunReport> {
  const server = await start(subject);
  try {
    const { headers = [], driver } = subject.suite?.(server) ?? {};
    return await deliveryReport("tidemark", server.url, {
      control: httpControl(server.controlUrl),
      headers,
      ...(driver ? { driver } : {}),
      ...options,
    });
  } finally {
    await server.close();
  }
}

/** The sentences that a report says are violated or not met. */
export function brokenIn({ summary }: RunReport): readonly string[] {
  return (summary?.requirements ?? [])
    .filter(({ standing }) => standing === "violated" || standing === "not-met")
    .map(({ requirement }) => requirement);
}

/** What was seen, for people: one line for each broken sentence. */
export function reasonsIn(report: RunReport): readonly string[] {
  return report.tests.flatMap(({ id, requirements }) =>
    requirements
      .filter(({ outcome }) => outcome === "fail" || outcome === "warn")
      .map(({ requirement, evidence: [first] }) =>
        `${requirement} by ${id}: ${first?.what}: expected ${first?.expected}, got ${first?.actual}`.slice(
          0,
          MAX,
        ),
      ),
  );
}

const MAX = 260;
