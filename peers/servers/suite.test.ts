// What the suite for event streams reports about third-party servers, by version. Each finding is also shown without the
// suite, in findings/. Sentences whose violation could be used against users are not looked at here.
import type { RunReport } from "@tidemark/conformance";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeCertificate } from "../../packages/server/test/certificates.ts";
import { FINDINGS } from "./findings/all.ts";
import { streamReport } from "./page/judge.ts";
import { PAGE_SERVERS, type Running } from "./page/subjects.ts";
import { findingsOf, type HowToRun, runSuiteOn, undecidedOf } from "./run-suite.ts";
import { SERVERS } from "./servers.ts";
import { startServer } from "./start-server.ts";

type Name = keyof typeof SERVERS;

/** What is looked at: advice about the response's head is true of most servers, and pinned once, in proof. */
const PINNED =
  /^ES-(?:OPEN-(?:4|7|10|13|15)|FRAME-(?:[125678]|1[01])|LIFE-[145]|RESUME-[234689]|END-[1235])$/;

/** The sentences that each server does not meet, with nothing but the URL and with a publisher. */
const EXPECTED: Readonly<Record<Name, readonly string[]>> = {
  betterSse: ["ES-OPEN-13", "ES-RESUME-6"],
  hono: ["ES-OPEN-15", "ES-OPEN-7", "ES-RESUME-3"],
  h3: [],
  fastifySse: ["ES-OPEN-13", "ES-RESUME-2", "ES-RESUME-6"],
  graphqlSse: ["ES-OPEN-10", "ES-OPEN-15"],
  mcpSdk: ["ES-RESUME-6", "ES-RESUME-8"],
};

const names = Object.keys(SERVERS) as Name[];

/** How each server is tested. The ids of a burst hide what else is wrong with @fastify/sse, so it is also only observed. */
const RUNS: Readonly<Record<Name, readonly HowToRun[]>> = {
  betterSse: [{}],
  hono: [{ thorough: true }],
  h3: [{}],
  fastifySse: [{}, { observeOnly: true }],
  graphqlSse: [{}],
  mcpSdk: [{ isMcp: true }],
};

async function reportOn(name: Name, how: HowToRun): Promise<RunReport> {
  const server = await startServer(SERVERS[name]);
  try {
    return await runSuiteOn(server, how);
  } finally {
    await server.close();
  }
}

/** The sentences that a run has to report: not those that it could not decide, for instance because it was late. */
function due(
  expected: readonly string[],
  findings: ReadonlyMap<string, string>,
  undecided: ReadonlySet<string>,
): readonly string[] {
  return expected.filter((id) => findings.has(id) || !undecided.has(id));
}

const reports = new Map(
  names.map((name) => [name, Promise.all(RUNS[name].map((how) => reportOn(name, how)))]),
);

for (const name of names)
  test(`the suite finds in ${SERVERS[name].id}: ${EXPECTED[name].join(", ") || "nothing"}`, async () => {
    const all = (await reports.get(name)) ?? [];
    const findings = new Map(all.flatMap((report) => [...findingsOf(report)]));
    const undecided = new Set(all.flatMap((report) => [...undecidedOf(report)]));
    const found = [...findings.keys()].filter((id) => PINNED.test(id));
    const expected = due(EXPECTED[name], findings, undecided);
    const seen = [...findings].map((pair) => pair.join(" ")).join("\n");
    assert.equal(found.sort(), [...expected].sort(), seen);
  });

/** Streams that are not served as above, and the sentences that they do not meet. */
const OTHERS: Readonly<Record<string, () => Promise<readonly [RunReport, readonly string[]]>>> = {
  "the answer to a tool's call in the MCP SDK": async () => [
    await using(startServer(SERVERS.mcpSdk), (server) =>
      runSuiteOn(server, { isMcp: true, tool: "count", observeOnly: true }),
    ),
    [],
  ],
  "Hono over TLS, with HTTP/2": async () => {
    const certificate = makeCertificate();
    const { key: KEY, cert: CERT } = certificate;
    const report = await using(startServer(SERVERS.hono, { KEY, CERT }), (server) =>
      runSuiteOn(server, { thorough: true }),
    );
    certificate.remove();
    return [report, EXPECTED.hono];
  },
  nchan: async () => [await onPage("nchan"), ["ES-OPEN-13", "ES-OPEN-15"]],
  "Durable Streams": async () => [await onPage("Durable Streams"), ["ES-OPEN-15"]],
};

async function using<S extends Running>(
  starting: Promise<S>,
  run: (server: S) => Promise<RunReport>,
): Promise<RunReport> {
  const server = await starting;
  return run(server).finally(() => server.close());
}

async function onPage(id: string): Promise<RunReport> {
  const subject = PAGE_SERVERS.find((one) => one.id === id);
  const open = subject?.stream;
  if (!subject || !open) throw new RangeError(`${id} has no stream on the page`);
  return using(subject.start(), async (server) => streamReport(id, await open(server)));
}

const others = Object.entries(OTHERS).map(([name, run]) => [name, run()] as const);

for (const [name, running] of others)
  test(`the suite finds in ${name} what its stream shows`, async () => {
    const [report, expected] = await running;
    const findings = findingsOf(report);
    const found = [...findings.keys()].filter((id) => PINNED.test(id));
    const wanted = due(expected, findings, undecidedOf(report));
    assert.equal(found.sort(), [...wanted].sort(), [...findings].map((pair) => pair.join(" ")).join("\n"));
    const verified = report.summary?.requirements.filter(({ standing }) => standing === "verified") ?? [];
    assert.ok(verified.length >= 15, report.verdict.line);
  });

test("in a quiet h3 server, it finds the withheld head and the silence", async () => {
  const server = await startServer(SERVERS.h3, { QUIET: "1" });
  try {
    const report = await runSuiteOn(server, { observeOnly: true });
    const findings = findingsOf(report);
    const expected = due(["ES-LIFE-1", "ES-OPEN-4"], findings, undecidedOf(report));
    assert.equal([...findings.keys()].sort(), expected, report.verdict.line);
  } finally {
    await server.close();
  }
});

test("every finding that is shown without the suite is one that the suite reports", () => {
  const expected = new Set(names.flatMap((name) => EXPECTED[name].map((id) => `${name} ${id}`)));
  const alone = FINDINGS.filter(({ server, requirement }) => !expected.has(`${server} ${requirement}`));
  assert.equal(
    alone.map(({ id }) => id),
    ["hono-leaves-replay-to-the-application", "h3-withholds-its-head"],
  );
});

test.run();
