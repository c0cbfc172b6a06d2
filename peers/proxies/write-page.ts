// Measures Debian's proxies and writes docs/reference/proxies.md: npm run measure-proxies --prefix peers
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import { type Answer, QUESTIONS } from "../../conformance/src/path/answer.ts";
import type { PathReport } from "../../conformance/src/path/run-path.ts";
import { ensureProgram } from "../../tools/ensure.mjs";
import { eachOf, measure } from "./measure.ts";
import { type MeasuredProxy, PROXIES } from "./proxies.ts";

const AT_ONCE = 6;
const PAGE = new URL("../../docs/reference/proxies.md", import.meta.url);

function page(reports: readonly PathReport[]): string {
  const standard = reports.filter((_, index) => index % 2 === 0);
  const good = reports.filter((_, index) => index % 2 === 1);
  const date = new Date().toISOString().slice(0, 10);
  return [
    "# Proxies, measured",
    "",
    `Written by \`npm run measure-proxies --prefix peers\` on ${date}. Each proxy of Debian 12 stands between \`origin\` and \`path\` on one machine, first with as little configuration as it takes, then with the one of the [guide](/guide/proxy-configurations).`,
    "",
    "A *note* works, but there is something to know. *?* was not judged, because another line says why.",
    "",
    "## With the default configuration",
    "",
    ...tableOf(standard),
    "",
    "## With the guide's configuration",
    "",
    ...tableOf(good),
    "",
    "## What is not yes",
    "",
    ...PROXIES.flatMap((proxy, index) => details(proxy, standard[index], good[index])),
  ].join("\n");
}

const MARKS = { good: "yes", fault: "**no**", note: "note", figure: "", unknown: "?" } as const;

function tableOf(reports: readonly PathReport[]): string[] {
  const head = ["", ...PROXIES.map(({ name }) => name)];
  const rows = Object.entries(QUESTIONS)
    .filter(([id]) => id !== "latency")
    .map(([id, title]) => [
      title,
      ...reports.map(({ answers }) => cellOf(answers.find((answer) => answer.id === id))),
    ]);
  const verdicts = ["**fit for**", ...reports.map(({ verdict }) => verdict.kind)];
  return [head, head.map(() => "---"), ...rows, verdicts].map((cells) => `| ${cells.join(" | ")} |`);
}

function cellOf(answer: Answer | undefined): string {
  if (!answer) return "?";
  if (answer.standing === "figure") return answer.text.startsWith("not spoken") ? "–" : answer.text;
  const size = answer.id === "backpressure" ? /[\d.]+ MiB/.exec(answer.text)?.[0] : undefined;
  return MARKS[answer.standing] + (size === undefined ? "" : ` (${size})`);
}

function details(
  proxy: MeasuredProxy,
  standard: PathReport | undefined,
  good: PathReport | undefined,
): string[] {
  const lines = [
    ["default", proxy.standard, standard] as const,
    ["guide", proxy.good, good] as const,
  ].flatMap(([kind, file, report]) => [
    `- ${kind} (\`${basename(file)}\`, ${((report?.durationMs ?? 0) / 1000).toFixed(1)} s): ${wordsOf(report)}`,
  ]);
  return [`### ${proxy.name}`, "", `${versionOf(proxy)}`, "", ...lines, ""];
}

function wordsOf(report: PathReport | undefined): string {
  const bad = (report?.answers ?? []).filter(({ standing }) => standing === "fault" || standing === "note");
  if (bad.length === 0) return "nothing.";
  return bad
    .map(({ id, text }) => {
      const fix = report?.settings.find((setting) => setting.id === id)?.fixes[0]?.line;
      return `*${QUESTIONS[id]}*: ${text}${fix === undefined ? "" : ` (\`${fix}\`)`}`;
    })
    .join("; ");
}

function versionOf({ program, version }: MeasuredProxy): string {
  const { stdout, stderr } = spawnSync(ensureProgram(program), version, { encoding: "utf8" });
  return `${stdout}${stderr}`.trim().split("\n", 1)[0] ?? "";
}

const runs = PROXIES.flatMap((proxy) => [proxy.standard, proxy.good].map((file) => ({ proxy, file })));
const measured = await eachOf(runs, AT_ONCE, ({ proxy, file }) => {
  ensureProgram(proxy.program);
  return measure(file, ...process.argv.slice(2));
});
writeFileSync(PAGE, page(measured));
