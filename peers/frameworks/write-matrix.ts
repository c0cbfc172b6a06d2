// `npm run matrix --prefix peers`: runs the suite on every recipe, and writes docs/reference/frameworks.md.
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { RunReport } from "@tidemark/conformance";
import { violated } from "../../proof/src/judge/report.ts";
import { installPeers } from "../../tools/test/install-peers.mjs";
import { conform } from "./conform.ts";
import { versionOf } from "./lay-out.ts";
import { RECIPES, type Recipe, type RecipeName } from "./recipes.ts";

const PAGE = fileURLToPath(new URL("../../docs/reference/frameworks.md", import.meta.url));
const RUNTIMES = { node: "Node", deno: "Deno", bun: "Bun" };

async function runtimeOf({ runtime = "node" }: Recipe): Promise<string> {
  const version = runtime === "node" ? process.versions.node : await versionOf(runtime);
  return `${RUNTIMES[runtime]} ${version}`;
}

async function rowOf(recipe: Recipe, { summary, tests }: RunReport): Promise<string> {
  if (summary === undefined) throw new Error(`the run on ${recipe.title} has no summary`);
  const { outcomes, must, requirements } = summary;
  const should = requirements.filter(({ level, standing }) => level === "SHOULD" && standing !== "n/a");
  const met = should.filter(({ standing }) => standing === "verified").length;
  const version = recipe.shown === undefined ? "–" : await versionOf(recipe.shown);
  const cells = [
    recipe.title,
    version,
    await runtimeOf(recipe),
    tests.length,
    outcomes.pass ?? 0,
    (outcomes.fail ?? 0) + (outcomes.error ?? 0),
    `${must.verified} of ${must.applicable}`,
    `${met} of ${should.length}`,
  ];
  return `| ${cells.join(" | ")} |`;
}

const missing = await installPeers();
if (missing !== undefined) throw new Error(missing);
const rows: string[] = [];
const faults: string[] = [];
const notes: string[] = [];
for (const [name, recipe] of Object.entries(RECIPES)) {
  const report = await conform(name as RecipeName);
  console.log(`${recipe.title}: ${report.verdict.line}`);
  const { requirements = [], because = "" } = (recipe as Recipe).violates ?? {};
  const ours = violated(report).filter((requirement) => !requirements.includes(requirement));
  faults.push(...ours.map((requirement) => `${recipe.title}: ${requirement}`));
  if (because !== "") notes.push(`${recipe.title} violates ${requirements.join(" and ")}: ${because}.`);
  rows.push(await rowOf(recipe, report));
}
await writeFile(
  PAGE,
  `# Frameworks held to the suite

Made on ${new Date().toISOString().slice(0, 10)} by \`npm run matrix --prefix peers\`, which runs the suite on each [recipe](/guide/frameworks) as it stands, in a
process of its own. The last MUSTs need a server that provokes faults on request, which no recipe does.

| framework | version | on | tests | passed | failed | MUST verified | SHOULD met |
|---|---|---|---|---|---|---|---|
${rows.join("\n")}

HTTP/2 is tested through a bridge that passes each request on over one connection of HTTP/2.
${notes.map((note) => `\n${note}\n`).join("")}`,
);
if (faults.length > 0) {
  console.error(faults.join("\n"));
  process.exitCode = 1;
}
