import {
  type Driver,
  DriverError,
  type EventStreamOptions,
  parseExtraHeader,
  type RunReport,
  runEventStream,
} from "@tidemark/conformance";

/** How the suite is run on a stream. */
export interface HowToRun {
  /** Do not publish. */
  readonly observeOnly?: boolean;
  readonly thorough?: boolean;
  /** Open a session of MCP first; with `tool`, judge the answer to a call of that tool. */
  readonly isMcp?: boolean;
  readonly tool?: string;
}

/** Run the suite for event streams, with a publisher if there is one. */
export async function runSuiteOn(
  { url, publish }: { readonly url: string; readonly publish?: string | undefined },
  { observeOnly = false, thorough = false, isMcp = false, tool }: HowToRun = {},
): Promise<RunReport> {
  const mcp = isMcp ? mcpOptions(url) : {};
  const call = tool === undefined ? {} : { method: "POST", body: callOf(tool) };
  const publishing =
    observeOnly || publish === undefined ? {} : { driver: publisherOf(publish), payload: "text" as const };
  const insecure = url.startsWith("https:"); // the certificates of these servers are their own
  const all: EventStreamOptions = { url, seed: 1, thorough, insecure, ...publishing, ...mcp, ...call };
  for await (const event of runEventStream(all)) if (event.type === "run-finished") return event.report;
  throw new Error("the run ended without a report");
}

/** The sentences that a report says are violated or not met, each with what was seen. */
export function findingsOf(report: RunReport): ReadonlyMap<string, string> {
  const rows = report.summary?.requirements ?? [];
  const bad = rows.filter(
    ({ level, standing }) => level !== "MAY" && (standing === "violated" || standing === "not-met"),
  );
  const evidence = report.tests.flatMap(({ requirements }) => requirements);
  return new Map(
    bad.map(({ requirement }) => {
      const found = evidence.find(
        (row) => row.requirement === requirement && row.evidence.some(({ ok }) => !ok),
      );
      const [first] = found?.evidence ?? [];
      return [requirement, first ? `${first.what}: expected ${first.expected}, got ${first.actual}` : ""];
    }),
  );
}

/** The sentences about which a test could not decide, for instance because this process was late. */
export function undecidedOf(report: RunReport): ReadonlySet<string> {
  const rows = report.tests.flatMap(({ requirements }) => requirements);
  return new Set(
    rows.filter(({ outcome }) => outcome === "inconclusive").map(({ requirement }) => requirement),
  );
}

function publisherOf(url: string): Driver {
  return {
    name: "posts to the program",
    async publish(_, drafts, { exchangeBare }) {
      for (const { text, json } of drafts) {
        const { status = 0 } = await exchangeBare({ method: "POST", url, body: text ?? json });
        if (status < 200 || status > 299) throw new DriverError(`publishing was answered with ${status}`);
      }
    },
  };
}

/** The call of a tool, which is answered with a stream. */
function callOf(name: string): { readonly text: string; readonly type: string } {
  const params = { name, arguments: {}, _meta: { progressToken: 1 } };
  const text = JSON.stringify({ jsonrpc: "2.0", id: 2, method: "tools/call", params });
  return { text, type: "application/json" };
}

/** A session, and the stand-alone stream of that session. */
function mcpOptions(url: string): Partial<EventStreamOptions> {
  const version = "MCP-Protocol-Version: 2025-11-25";
  const accept = "Accept: application/json, text/event-stream";
  const type = "application/json";
  const clientInfo = { name: "peers", version: "1.0.0" };
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
  const post = (message: object): { text: string; type: string } => ({
    text: JSON.stringify({ jsonrpc: "2.0", ...message }),
    type,
  });
  const lines = (...texts: readonly string[]) => texts.map((text) => parseExtraHeader(text, {}));
  return {
    headers: lines("Mcp-Session-Id: {session}", version),
    setup: [
      {
        url,
        headers: lines(accept),
        body: post({ id: 1, method: "initialize", params }),
        take: { session: "header Mcp-Session-Id" },
      },
      {
        url,
        headers: lines(accept, "Mcp-Session-Id: {session}", version),
        body: post({ method: "notifications/initialized" }),
      },
    ],
  };
}
