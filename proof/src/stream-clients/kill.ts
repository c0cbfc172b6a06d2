import { type Hello, type RunReport, runStreamClient } from "@tidemark/conformance";
import { connectInProcess } from "../clients/connect.ts";
import type { Quirk } from "./quirks.ts";
import { Refused, SimpleClient, type SimpleOptions } from "./simple-client.ts";

const HELLO: Hello = {
  ...{ type: "hello", contract: 1, name: "simple", version: "1", language: "TypeScript" },
  ...{ mechanisms: ["event-stream"], capabilities: ["headers", "post", "silence"] },
};

type ClientOptions = Parameters<typeof runStreamClient>[0];

interface Open extends Pick<SimpleOptions, "headers" | "body"> {
  readonly id: string;
  readonly url: string;
  readonly options: Pick<SimpleOptions, "reconnectMs" | "silenceMs">;
}

/** Run the suite in this process against the simple client with a quirk. */
export async function reportOn(
  quirk: Quirk | undefined,
  options: Partial<ClientOptions> = {},
): Promise<RunReport> {
  const adapter = connectInProcess(HELLO, (tell) => {
    const stops = new Map<string, AbortController>();
    const open = async ({ id, url, headers, body, options: waits }: Open): Promise<void> => {
      const stop = new AbortController();
      stops.set(id, stop);
      let n = 0;
      const deliver: SimpleOptions["deliver"] = ({ event, data }) => {
        n += 1;
        tell({ type: "message", id, n, data, ...(event !== "message" && { event }) });
      };
      const { signal } = stop;
      const client = new SimpleClient(url, { signal, headers, body, quirk, deliver, ...waits });
      try {
        await client.run();
        tell({ type: "done", id });
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof Refused)) throw error;
        tell({ type: "error", id, terminal: true, ...(error.status > 0 && { status: error.status }) });
      }
    };
    return {
      open: (order: Open) => void open(order),
      close: ({ id }: Open) => stops.get(id)?.abort(),
    };
  });
  for await (const event of runStreamClient({ seed: 1, ...options, adapter }))
    if (event.type === "run-finished") return event.report;
  throw new Error("the run ended without a report");
}

/** The test that takes as long as all others together. */
const LONG = "sse-client/reconnecting/backs-off";

/** How often tests run again that were undecided because this machine was late. */
const REPEATS = 3;

/** Run the suite, and what the load of this machine left undecided again, with few tests at once. */
export async function judge(quirk: Quirk | undefined, isLong: boolean): Promise<RunReport> {
  const report = await reportOn(quirk, isLong ? {} : { skip: [LONG] });
  let { tests } = report;
  for (let again = 1; again <= REPEATS && tests.some(isLate); again += 1) {
    const run = tests.filter(isLate).map(({ id }) => id);
    const results = new Map((await reportOn(quirk, { run, jobs: 2 })).tests.map((test) => [test.id, test]));
    tests = tests.map((test) => results.get(test.id) ?? test);
  }
  return { ...report, tests };
}

function isLate({ requirements }: RunReport["tests"][number]): boolean {
  return requirements.some(({ reason }) => reason === "LAGGED");
}

/** The sentences that a report blames, and the tests that failed. */
export function foundIn({ tests }: RunReport): { readonly found: string[]; readonly tests: string[] } {
  const isBad = ({ outcome }: { readonly outcome: string }): boolean =>
    outcome === "fail" || outcome === "warn" || outcome === "error";
  const bad = tests.flatMap(({ requirements }) => requirements.filter(isBad));
  return {
    found: [...new Set(bad.map(({ requirement }) => requirement))].sort(),
    tests: tests.filter(isBad).map(({ id }) => id),
  };
}
