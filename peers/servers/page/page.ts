import { readFileSync } from "node:fs";
import { DELIVERY_FINDINGS } from "../delivery/findings.ts";
import { FINDINGS } from "../findings/all.ts";
import type { Cell, ServerResult, SuiteResult } from "./judge.ts";
import type { PageServer } from "./subjects.ts";

/** A chapter of a profile, and its sentences. */
interface Chapter {
  readonly title: string;
  readonly ids: readonly string[];
}

/** The chapters of a profile, in its order. */
function chaptersOf(profile: string): readonly Chapter[] {
  const file = new URL(`../../../spec/profiles/${profile}.json`, import.meta.url);
  const rows: readonly { readonly id: string; readonly class: string; readonly level: string }[] = JSON.parse(
    readFileSync(file, "utf8"),
  );
  const chapters = new Map<string, string[]>();
  for (const { id, class: title, level } of rows)
    if (level !== "MAY") chapters.set(title, [...(chapters.get(title) ?? []), id]);
  return [...chapters].map(([title, ids]) => ({ title, ids }));
}

/** The page of named servers. */
export function renderServers(servers: readonly PageServer[], results: readonly ServerResult[]): string {
  const row = ({ id }: PageServer): ServerResult | undefined => results.find((one) => one.id === id);
  const shown = servers.filter((server) => row(server) !== undefined);
  return `# Servers and libraries: what they deliver

Which servers lose messages, which can be resumed, and which say what is missing? Each server below was installed and started as its documentation shows it, and tested with both suites: \`tidemark-conformance sse\` against the [event-stream profile](/spec/profiles/event-stream), and \`tidemark-conformance delivery\` against the [delivery profile](/spec/profiles/delivery), in the server's own [dialect](/guide/write-a-dialect).

\`npm run servers --prefix peers\` makes this page and [its data](/servers.json). Names, versions and dates are those of the runs; another version can behave differently.

## How to read it

- **✓** all that was tested holds; **~ n** n sentences are not met, which nobody promised (advice); **✗ n** n sentences are violated that the documentation promises.
- **–** nothing of the chapter is promised, or applies. A library that leaves replay to the application gets a – there, not an ✗.
- **·** not checked, for instance because the server offers no way to do it.
- **?** withheld: what could be used against users (forged events, crashes, messages of another session) is not published here, whatever the result is.
- The text is about behavior. Each finding below is also shown by a script of about ten lines that does not use the suite.

Is something wrong, outdated or unfair? The maintainers of each server have the last word: an answer is printed here, beside the result.

## Delivery

${table(shown, row, "delivery", chaptersOf("delivery"))}

## Event streams

${table(
  shown.filter((server) => row(server)?.stream !== undefined),
  row,
  "stream",
  chaptersOf("event-stream"),
)}

## Versions, and what the documentation promises

| server | what it is | version | date | what its documentation says |
|---|---|---|---|---|
${shown.map((server) => `| ${server.id} | ${server.what} | ${row(server)?.version} | ${row(server)?.date} | ${server.docs} |`).join("\n")}

## Findings, shown without the suite

\`npm test -- --peers servers/findings\` runs these scripts.

| what it does | version | sentence |
|---|---|---|
${[...FINDINGS, ...DELIVERY_FINDINGS].map(({ title, version, requirement, id }) => `| ${title} (\`${id}\`) | ${version} | [${requirement}](/spec/profiles/${requirement.startsWith("DL") ? "delivery" : "event-stream"}#${requirement.toLowerCase()}) |`).join("\n")}

## Answers of maintainers

None yet.
`;
}

function table(
  servers: readonly PageServer[],
  row: (server: PageServer) => ServerResult | undefined,
  suite: "stream" | "delivery",
  chapters: readonly Chapter[],
): string {
  const cells = (server: PageServer): string => {
    const result = row(server)?.[suite];
    return chapters.map(({ ids }) => mark(result, ids)).join(" | ");
  };
  return `| server | verified | ${chapters.map(({ title }) => title).join(" | ")} |
|---|---|${chapters.map(() => "---").join("|")}|
${servers.map((server) => `| ${server.id} | ${countOf(row(server)?.[suite])} | ${cells(server)} |`).join("\n")}`;
}

/** \`18 of 20\`: the sentences that were checked and are shown. */
export function countOf(result: SuiteResult | undefined): string {
  const cells = Object.values(result?.cells ?? {});
  const count = (...wanted: readonly Cell[]): number => cells.filter((cell) => wanted.includes(cell)).length;
  return cells.length === 0
    ? "no verdict"
    : `${count("verified")} of ${count("verified", "violated", "advice")}`;
}

function mark(result: SuiteResult | undefined, ids: readonly string[]): string {
  const cells = ids.map((id) => result?.cells[id]).filter((cell) => cell !== undefined);
  const count = (wanted: Cell): number => cells.filter((cell) => cell === wanted).length;
  const [violated, advice] = [count("violated"), count("advice")];
  const parts = [
    ...(violated > 0 ? [`✗ ${violated}`] : []),
    ...(advice > 0 ? [`~ ${advice}`] : []),
    ...(violated + advice === 0 && count("verified") > 0 ? ["✓"] : []),
    ...(count("withheld") > 0 ? ["?"] : []),
  ];
  if (parts.length > 0) return parts.join(" ");
  return count("not promised") > 0 ? "–" : "·";
}
