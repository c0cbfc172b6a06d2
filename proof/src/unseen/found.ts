import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { RunReport, ServerOptions } from "@tidemark/conformance";
import { reportOn, violated } from "../judge/report.ts";
import { type ServedMutant, serveUnseen } from "./serve-unseen.ts";
import { ROOT, SERVERS, type UnseenMutant, unseenMutants } from "./unseen-mutants.ts";

/** The parts of the suite that are measured apart. */
export const PARTS = ["model", "fixed"] as const;

type Part = (typeof PARTS)[number];

/** What a part of the suite found. */
export interface Found {
  /** The requirements that it blamed; none: the mutant was not found. */
  readonly requirements: readonly string[];
  /** How many histories were played until the first one failed. */
  readonly histories?: number;
  /** How many steps each shrunk history had. */
  readonly steps: readonly number[];
}

/** The results by the ids of the mutants. */
type ById = Readonly<Record<string, Readonly<Partial<Record<Part, Found>>>>>;

/** The stored results. */
export interface UnseenResults {
  /** How they were measured, in one sentence. */
  readonly how: string;
  readonly mutants: ById;
}

/** How {@link findBy} measures. */
export const HOW = "Each part was run once, with the suite's defaults and the seed 1.";

const DATA = `${ROOT}proof/unseen-results.json`;
const PAGE = `${ROOT}docs/reference/unseen-mutants.md`;

const OPTIONS: Readonly<Record<Part, Partial<ServerOptions>>> = {
  model: { run: ["server/histories*"] },
  fixed: { histories: 0 },
};

/** Run one part of the suite against a mutant. */
export async function findBy(mutant: UnseenMutant, part: Part): Promise<Found> {
  const served = await serveUnseen(mutant);
  try {
    const report = await reportOn({ url: served.url, seed: 1, control: controlOf(served), ...OPTIONS[part] });
    return { requirements: violated(report), ...shrunkIn(report) };
  } finally {
    await served.close();
  }
}

/** A server that is restarted loses its messages; it offers no other fault. */
function controlOf(served: ServedMutant): NonNullable<ServerOptions["control"]> {
  return { name: "restart", restart: () => served.restart() };
}

/** What the notes tell of histories that failed. */
function shrunkIn({ tests }: RunReport): Pick<Found, "histories" | "steps"> {
  const notes = tests.flatMap((test) => test.notes);
  const told = notes.flatMap((note) => [
    ...note.matchAll(/: history (\d+) of \d+ steps was shrunk to (\d+):/g),
  ]);
  const numbers = told.map(([, number]) => Number(number));
  const steps = told.map(([, , count]) => Number(count));
  return { ...(numbers.length > 0 ? { histories: Math.min(...numbers) } : {}), steps };
}

/** The stored results. */
export function readUnseen(): UnseenResults {
  if (!existsSync(DATA)) return { how: HOW, mutants: {} };
  return JSON.parse(readFileSync(DATA, "utf8")) as UnseenResults;
}

/** Store the results, and write the page. */
export async function writeUnseen({ how, mutants }: UnseenResults): Promise<void> {
  const entries = Object.entries(mutants).sort(([a], [b]) => (a < b ? -1 : 1));
  const sorted = { how, mutants: Object.fromEntries(entries) };
  writeFileSync(DATA, `${JSON.stringify(sorted, undefined, 2)}\n`);
  writeFileSync(PAGE, await pageOf(sorted));
}

/** The page for these results. */
export async function pageOf({ how, mutants: results }: UnseenResults): Promise<string> {
  const mutants = (await Promise.all(SERVERS.map(unseenMutants))).flat();
  return [
    "# Unseen mutants",
    "These servers break the specification. Their author knew the specification and public bug reports, but not the suite. They show how deep the suite looks. The first version of the model found 45 of the 117. Its generator was then extended by kinds of requests, with this list in view; so a new list would show somewhat less. Each row says which part of the suite finds the server: the random histories of the model by themselves, the fixed tests by themselves, or both. A row without a mark was not measured.",
    tableOf(mutants, results),
    shortcuts(results),
    `${how} Written by \`npm run unseen-table -w @tidemark/proof\`. A loaded machine plays fewer histories in the time of a run, and finds less.`,
    ...SERVERS.map((server) => listOf(server, mutants, results)),
  ]
    .join("\n\n")
    .concat("\n");
}

/** How soon a history fails, and how short it becomes. */
function shortcuts(results: ById): string {
  const found = Object.values(results).flatMap(({ model }) => model ?? []);
  const numbers = found.flatMap(({ histories }) => histories ?? []).sort((a, b) => a - b);
  const steps = found.flatMap((one) => one.steps);
  const mean = steps.reduce((sum, count) => sum + count, 0) / Math.max(1, steps.length);
  const at = (share: number): number => numbers[Math.floor(numbers.length * share)] ?? 0;
  return `The first history that failed was number ${at(0.5)} in the median, and at most ${at(0.9)} for nine of ten mutants. Shrunk, histories have ${mean.toFixed(1)} steps on average (${steps.length} of them).`;
}

function tableOf(all: readonly UnseenMutant[], results: ById): string {
  const mutants = all.filter(({ id }) => PARTS.every((part) => results[id]?.[part] !== undefined));
  const row = (name: string, some: readonly UnseenMutant[]): string => {
    const by = (model: boolean, fixed: boolean): number =>
      some.filter(
        ({ id }) => isFound(results, id, "model") === model && isFound(results, id, "fixed") === fixed,
      ).length;
    const share = Math.round((100 * (by(true, true) + by(true, false))) / Math.max(1, some.length));
    const cells = [
      name,
      some.length,
      by(true, true),
      by(true, false),
      by(false, true),
      by(false, false),
      `${share} %`,
    ];
    return `| ${cells.join(" | ")} |`;
  };
  return [
    "| server | mutants | found by both | by the model only | by the fixed tests only | not found | the model finds |",
    "|---|--:|--:|--:|--:|--:|--:|",
    ...SERVERS.map((server) =>
      row(
        server,
        mutants.filter((mutant) => mutant.server === server),
      ),
    ),
    row("all", mutants),
  ].join("\n");
}

function isFound(results: ById, id: string, part: Part): boolean {
  return (results[id]?.[part]?.requirements.length ?? 0) > 0;
}

function listOf(server: string, mutants: readonly UnseenMutant[], results: ById): string {
  const rows = mutants
    .filter((mutant) => mutant.server === server)
    .map(({ id, wrong, breaks }) => {
      const [model, fixed] = PARTS.map((part) =>
        results[id]?.[part] === undefined ? "" : isFound(results, id, part) ? "✓" : "–",
      );
      return `| \`${id}\` | ${wrong.replaceAll("|", "\\|")} | ${breaks.join(", ")} | ${model} | ${fixed} |`;
    });
  return [
    `## ${server}`,
    "",
    "| mutant | wrong | breaks | model | fixed |",
    "|---|---|---|:-:|:-:|",
    ...rows,
  ].join("\n");
}
