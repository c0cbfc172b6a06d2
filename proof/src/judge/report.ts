import { httpControl, type RunReport, runServer, type ServerOptions } from "@tidemark/conformance";
import type { Subject } from "../peer/parts.ts";
import { start } from "../peer/start.ts";

/** Run the suite and return its report. */
export async function reportOn(options: ServerOptions): Promise<RunReport> {
  for await (const event of runServer(options)) if (event.type === "run-finished") return event.report;
  throw new Error("the run ended without a report");
}

/** Start a server, run the suite against it, and stop it. */
export async function reportOnSubject(subject: Subject): Promise<RunReport> {
  const server = await start(subject);
  try {
    const control = subject.isProvoked ? { control: httpControl(server.controlUrl) } : {};
    // Random histories can show more requirements broken than a mutant declares.
    return await reportOn({ url: server.url, seed: 1, histories: 0, ...control, ...subject.suite?.(server) });
  } finally {
    await server.close();
  }
}

/** Requirements that the suite reported as violated or not met. */
export function violated(report: RunReport): string[] {
  return (report.summary?.requirements ?? [])
    .filter(({ standing }) => standing === "violated" || standing === "not-met")
    .map(({ requirement }) => requirement);
}
