import { escapeXml } from "../../engine/report/junit.ts";
import { type Answer, QUESTIONS } from "../answer.ts";
import type { PathReport } from "../run-path.ts";

/** The whole report, for programs and for `path diff`. */
export function jsonPath(report: PathReport): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/** A table for the summary of a CI run. */
export function markdownPath({ url, answers, settings, verdict }: PathReport): string {
  const cell = (text: string): string => text.replaceAll("|", "\\|");
  return [
    `## ${cell(verdict.line)}`,
    "",
    `\`${url}\``,
    "",
    "| question | | answer |",
    "|---|---|---|",
    ...answers.map(({ id, standing, text }) => `| ${QUESTIONS[id]} | ${standing} | ${cell(text)} |`),
    "",
    ...settings.flatMap(({ advice, fixes }) => [
      `- ${advice}`,
      ...fixes.map(({ software, line }) => `  - ${software}: \`${line}\``),
    ]),
    "",
  ].join("\n");
}

/** JUnit XML: a fault is a failure; what is not known is skipped. */
export function junitPath({ url, answers, verdict, durationMs }: PathReport): string {
  const count = (standing: string): number => answers.filter((one) => one.standing === standing).length;
  const totals = `tests="${answers.length}" failures="${count("fault")}" errors="0" skipped="${count("unknown")}" time="${(durationMs / 1000).toFixed(3)}"`;
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites name="tidemark-conformance path" ${totals}>`,
    `  <testsuite name="${escapeXml(`path ${url}`)}" ${totals}>`,
    `    <properties><property name="verdict" value="${escapeXml(verdict.line)}"/></properties>`,
    ...answers.map(caseOf),
    "  </testsuite>",
    "</testsuites>\n",
  ].join("\n");
}

function caseOf({ id, standing, text, proof }: Answer): string {
  const message = escapeXml(`${QUESTIONS[id]}: ${text}`);
  const seen = escapeXml(proof.join("\n"));
  const inner = {
    fault: `<failure message="${message}">${seen}</failure>`,
    unknown: `<skipped message="${message}"/>`,
    note: `<system-out>${message}\n${seen}</system-out>`,
    figure: `<system-out>${message}</system-out>`,
    good: "",
  }[standing];
  return `    <testcase classname="path" name="${id}">${inner}</testcase>`;
}

/** TAP: one point for each answer. */
export function tapPath({ answers, verdict }: PathReport): string {
  const points = answers.map(({ id, standing, text }, index) => {
    const skip = standing === "unknown" ? " # SKIP" : "";
    return `${standing === "fault" ? "not ok" : "ok"} ${index + 1} - ${id}${skip}: ${text.replaceAll("#", "")}`;
  });
  return ["TAP version 14", `1..${answers.length}`, ...points, `# ${verdict.line}`, ""].join("\n");
}
