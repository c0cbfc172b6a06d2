import { type Driver, DriverError, loadDialect, type RunReport, runDelivery } from "@tidemark/conformance";
import { runSuiteOn } from "../run-suite.ts";
import type { PageServer, Running, StreamOf } from "./subjects.ts";

/** How a sentence stands: `promised` sentences bind, others are advice. */
export type Cell = "verified" | "violated" | "advice" | "not promised" | "not checked" | "withheld";

/** What one suite said about a server. */
export interface SuiteResult {
  readonly seconds: number;
  /** Each sentence, by its id. */
  readonly cells: Readonly<Record<string, Cell>>;
}

/** What both suites said about a server. */
export interface ServerResult {
  readonly id: string;
  readonly version: string;
  readonly date: string;
  readonly stream?: SuiteResult;
  readonly delivery?: SuiteResult;
}

/**
 * Sentences whose violation could be used against users: forged events, crashes, and messages of another session. Their
 * results are withheld, whatever they are.
 */
export const WITHHELD: readonly string[] = [
  "ES-FRAME-3",
  "ES-FRAME-4",
  "ES-OPEN-9",
  "ES-RESUME-10",
  "DL-READ-3",
  "DL-FEED-1",
  "DL-FEED-2",
];

/** Start a server, and run the suites on it. */
export async function judgeServer(subject: PageServer, date: string): Promise<ServerResult> {
  const { id, stream: open } = subject;
  const stream = open && (await onFresh(subject, async (server) => streamReport(id, await open(server))));
  const delivery = await onFresh(subject, (server) => deliveryReport(subject, server));
  const { version } = await onFresh(subject, async (server) => server);
  return {
    id,
    version,
    date,
    ...(stream ? { stream: resultOf(stream) } : {}),
    delivery: resultOf(delivery),
  };
}

async function onFresh<T>(subject: PageServer, act: (server: Running) => Promise<T>): Promise<T> {
  const server = await subject.start();
  try {
    return await act(server);
  } finally {
    await server.close();
  }
}

/** Run the suite for event streams. */
export function streamReport(id: string, stream: StreamOf): Promise<RunReport> {
  return runSuiteOn(stream, { isMcp: id === "MCP SDK" });
}

/** Run the suite for deliveries. */
export async function deliveryReport(
  { dialect, promises, limitMs }: PageServer,
  server: Running,
): Promise<RunReport> {
  const loaded = await loadDialect(dialect);
  const driver = server.publish === undefined ? {} : { driver: postTo(server.publish) };
  const limit = limitMs === undefined ? {} : { limitMs };
  for await (const event of runDelivery({
    url: server.url,
    dialect: loaded,
    seed: 1,
    promises,
    ...driver,
    ...limit,
  }))
    if (event.type === "run-finished") return event.report;
  throw new Error("the run ended without a report");
}

function postTo(url: string): Driver {
  return {
    name: "posts to the program",
    async publish(_, drafts, { exchangeBare }) {
      for (const { text, json } of drafts) {
        const { status } = await exchangeBare({ method: "POST", url, body: text ?? json });
        if (status !== 204) throw new DriverError(`publishing was answered with ${status}`);
      }
    },
  };
}

function resultOf({ durationMs, summary }: RunReport): SuiteResult {
  const rows = (summary?.requirements ?? []).filter(({ level }) => level !== "MAY");
  return {
    seconds: Math.round(durationMs / 1_000),
    cells: Object.fromEntries(
      rows.map(({ requirement, standing }) => [requirement, cellOf(requirement, standing)]),
    ),
  };
}

function cellOf(id: string, standing: string): Cell {
  if (WITHHELD.includes(id)) return "withheld";
  if (standing === "verified" || standing === "violated") return standing;
  if (standing === "not-met") return "advice";
  return standing === "n/a" ? "not promised" : "not checked";
}
