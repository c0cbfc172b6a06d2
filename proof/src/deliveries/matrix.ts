import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { DeliveryResult, DeliverySubject } from "./judge.ts";
import { OUT_OF_REACH } from "./tidemark-mutants.ts";

const DATA = new URL("../../delivery-matrix.json", import.meta.url);
const PAGE = new URL("../../../docs/reference/delivery-matrix.md", import.meta.url);
const LEDGER = new URL("../../../spec/profiles/delivery.json", import.meta.url);

/** The last result of each server, by its kind and id. */
export type Results = Readonly<Record<string, DeliveryResult>>;

/** The stored results. */
export function readResults(): Results {
  return existsSync(DATA) ? JSON.parse(readFileSync(DATA, "utf8")) : {};
}

/** The name of a server in the results. */
export function keyOf({ kind, id }: Pick<DeliverySubject, "kind" | "id">): string {
  return `${kind}/${id}`;
}

/** Store the results of the servers that exist, in their order, and write the page. */
export function writeResults(subjects: readonly DeliverySubject[], results: Results): void {
  const kept = Object.fromEntries(
    subjects.flatMap((subject) => {
      const result = results[keyOf(subject)];
      return result ? [[keyOf(subject), result]] : [];
    }),
  );
  writeFileSync(DATA, `${JSON.stringify(kept, undefined, 2)}\n`);
  writeFileSync(PAGE, pageOf(subjects, kept));
}

/** Sentences that no broken plain server shows. */
export function uncovered(subjects: readonly DeliverySubject[], results: Results): readonly string[] {
  const shown = new Set(
    subjects
      .filter((subject) => results[keyOf(subject)]?.faults.length === 0)
      .flatMap(({ breaks = [] }) => breaks),
  );
  return sentences()
    .map(({ id }) => id)
    .filter((id) => !shown.has(id));
}

/** The page for these results. */
export function pageOf(subjects: readonly DeliverySubject[], results: Results): string {
  const of = (...kinds: readonly DeliverySubject["kind"][]): readonly DeliverySubject[] =>
    subjects.filter((subject) => kinds.includes(subject.kind) && results[keyOf(subject)] !== undefined);
  const unrun = subjects.filter((subject) => results[keyOf(subject)] === undefined).map(({ id }) => id);
  const right = (some: readonly DeliverySubject[]): number =>
    some.filter((subject) => results[keyOf(subject)]?.faults.length === 0).length;
  const rows = (some: readonly DeliverySubject[]): string =>
    some.map((subject) => rowOf(subject, results[keyOf(subject)])).join("\n");
  const legal = of("oddity", "variant");
  const open = uncovered(subjects, results);
  return `# Kill matrix for deliveries

Which faults does \`tidemark-conformance delivery\` find, and does it report false errors? To answer both questions, it runs against servers that are each broken in one way, and against servers that are unusual but conform.

It finds ${right(of("plain"))} of ${of("plain").length} broken plain servers, ${right(of("tidemark"))} of ${of("tidemark").length} broken Tidemark servers that deliver wrongly, and ${right(of("unseen"))} of ${of("unseen").length} whose author had not seen the tests. It reports nothing about ${right(legal)} of ${legal.length} servers that conform. ${open.length === 0 ? "Each sentence of the profile is broken by at least one plain server." : `No plain server breaks these sentences: ${open.join(", ")}.`} It gives no verdict on targets that deliver nothing.${unrun.length === 0 ? "" : ` Not run yet: ${unrun.join(", ")}.`}

\`npm run delivery-matrix -w @tidemark/proof\` makes this page.

## Broken plain servers

Each is a server without any package of ours, broken in one way. The suite has to report the sentences in the row. It can also report those in parentheses, which follow from the others.

| broken server | what it does | sentences | tests that find it |
|---|---|---|---|
${rows(of("plain"))}

## Broken Tidemark servers

The mutants of the [suite for Tidemark](/reference/kill-matrix) that lose, repeat or reorder messages, hide a loss, or deliver late. The last column has the tests that find them.

| broken server | what it does | sentences | tests that find it |
|---|---|---|---|
${rows(of("tidemark"))}

Not found, because the profile or the suite does not reach them:

| broken server | why |
|---|---|
${Object.entries(OUT_OF_REACH)
  .map(([id, why]) => `| ${id} | ${why} |`)
  .join("\n")}

## Broken by somebody who had not seen the tests

| broken server | what it does | sentences | tests that find it |
|---|---|---|---|
${rows(of("unseen"))}

## Servers that conform

| server | what it does | verdict |
|---|---|---|
${legal.map(({ id, title, kind }) => `| ${id} | ${cell(title)} | ${cell(results[keyOf({ kind, id })]?.verdict ?? "not run")} |`).join("\n")}
`;
}

function rowOf(
  { id, title, breaks, collateral = [] }: DeliverySubject,
  result: DeliveryResult | undefined,
): string {
  const isRight = result?.faults.length === 0;
  const own = breaks ?? result?.found ?? [];
  const others = breaks ? collateral.filter((one) => result?.found.includes(one)) : [];
  const links = [...own.map(link), ...(others.length > 0 ? [`(${others.map(link).join(", ")})`] : [])];
  const tests = isRight ? result.tests.map((one) => one.replace(/^delivery\//, "")) : ["**not found**"];
  return `| ${id} | ${cell(title)} | ${links.join(", ")} | ${tests.join("<br>")} |`;
}

function link(id: string): string {
  return `[${id}](/spec/profiles/delivery#${id.toLowerCase()})`;
}

interface Sentence {
  readonly id: string;
}

function sentences(): readonly Sentence[] {
  return JSON.parse(readFileSync(LEDGER, "utf8"));
}

/** Text that is safe in a cell of a Markdown table, where HTML counts too. */
function cell(text: string): string {
  return text.replaceAll("<", "&lt;").replaceAll("{", "&#123;").replaceAll("|", "\\|");
}
