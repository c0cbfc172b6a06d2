import type { RunReport } from "@tidemark/conformance";
import { ALL_MUTANTS } from "../mutants/all.ts";
import { serveUnseen } from "../unseen/serve-unseen.ts";
import { unseenMutant } from "../unseen/unseen-mutants.ts";
import { ALL_VARIANTS, REFERENCE } from "../variants/all.ts";
import { PLAIN } from "./plain/behavior.ts";
import type { PlainMutant } from "./plain/mutant.ts";
import { PLAIN_MUTANTS } from "./plain/mutants.ts";
import { PLAIN_ODDITIES } from "./plain/oddities.ts";
import { startPlain } from "./plain/server.ts";
import { brokenIn, deliveryReport, deliveryReportOn, reasonsIn } from "./report.ts";
import { DELIVERING_WRONG, UNSEEN } from "./tidemark-mutants.ts";

/** A server of the proof. */
export interface DeliverySubject {
  readonly kind: "plain" | "oddity" | "tidemark" | "variant" | "unseen";
  readonly id: string;
  readonly title: string;
  /** What the suite has to report; undefined: at least one sentence. */
  readonly breaks?: readonly string[];
  readonly collateral?: readonly string[];
}

/** What the suite said about a server. */
export interface DeliveryResult {
  readonly verdict: string;
  readonly found: readonly string[];
  readonly tests: readonly string[];
  /** What is not as expected. */
  readonly faults: readonly string[];
}

/** Legal Tidemark servers that do not accept publishes by the protocol to any channel. */
const NEVER_PUBLISH: readonly string[] = [
  "read-only",
  "nothing-may-be-published",
  "declared-channels",
  "channels-declared-one-by-one",
  "channels-of-other-names",
];

/** Every server. */
export async function allSubjects(): Promise<readonly DeliverySubject[]> {
  const mutants = new Map(ALL_MUTANTS.map((mutant) => [mutant.id, mutant]));
  const variants = [REFERENCE, ...ALL_VARIANTS].filter(({ id }) => !NEVER_PUBLISH.includes(id));
  const unseen = await Promise.all(UNSEEN.map((id) => unseenMutant(id)));
  return [
    ...PLAIN_ODDITIES.map(({ id, title }): DeliverySubject => ({ kind: "oddity", id, title })),
    ...PLAIN_MUTANTS.map((mutant): DeliverySubject => ({ kind: "plain", ...mutant })),
    ...variants.map(({ id, title }): DeliverySubject => ({ kind: "variant", id, title })),
    ...DELIVERING_WRONG.map(
      (id): DeliverySubject => ({ kind: "tidemark", id, title: mutants.get(id)?.title ?? missing(id) }),
    ),
    ...unseen.map(({ id, wrong }): DeliverySubject => ({ kind: "unseen", id, title: wrong })),
  ];
}

/** Run the suite on a server, and compare what it says with what it has to say. */
export async function judgeDelivery(
  subject: DeliverySubject,
): Promise<DeliveryResult & { readonly reasons: readonly string[] }> {
  const report = await reportFor(subject);
  const found = brokenIn(report);
  const blamed = report.tests.filter(({ outcome }) => outcome === "fail" || outcome === "warn");
  return {
    verdict: report.verdict.line,
    found,
    tests: blamed.map(({ id }) => id).sort(),
    faults: [...faultsOf(subject, found), ...unstable(subject, report)],
    reasons: reasonsIn(report),
  };
}

function faultsOf({ kind, breaks, collateral = [] }: DeliverySubject, found: readonly string[]): string[] {
  if (kind === "oddity" || kind === "variant") return found.map((id) => `${id} was blamed`);
  if (!breaks) return found.length === 0 ? ["nothing was found"] : [];
  return [
    ...breaks.filter((id) => !found.includes(id)).map((id) => `${id} was not found`),
    ...found.filter((id) => ![...breaks, ...collateral].includes(id)).map((id) => `${id} was blamed`),
  ];
}

/** A broken server can make the suite slow; what conforms has to be decided. */
function unstable({ kind }: DeliverySubject, { tests }: RunReport): string[] {
  const isLegal = kind === "oddity" || kind === "variant";
  return tests
    .filter(({ outcome, reason }) => outcome === "error" || (isLegal && reason === "LAGGED"))
    .map(({ id, detail = "" }) => `${id} is undecided ${detail.slice(0, 300)}`.trim());
}

async function reportFor({ kind, id }: DeliverySubject): Promise<RunReport> {
  if (kind === "plain" || kind === "oddity") return reportOnPlain(id);
  if (kind !== "unseen") return deliveryReportOn(named([REFERENCE, ...ALL_VARIANTS, ...ALL_MUTANTS], id));
  const server = await serveUnseen(await unseenMutant(id));
  try {
    return await deliveryReport("tidemark", server.url);
  } finally {
    await server.close();
  }
}

const DIALECT = new URL("./plain/dialect.yaml", import.meta.url).pathname;

async function reportOnPlain(id: string): Promise<RunReport> {
  const { changes, dialect = DIALECT } = named([...PLAIN_MUTANTS, ...PLAIN_ODDITIES], id) as PlainMutant & {
    readonly dialect?: string;
  };
  const server = await startPlain({ ...PLAIN, ...changes });
  try {
    const control = { name: "plain", restart: async () => server.restart() };
    return await deliveryReport(dialect, server.url, { control });
  } finally {
    await server.close();
  }
}

function named<T extends { readonly id: string }>(all: readonly T[], id: string): T {
  return all.find((one) => one.id === id) ?? missing(id);
}

function missing(id: string): never {
  throw new RangeError(`no server has the id ${id}`);
}
