import { createColors } from "picocolors";
import { type Answer, inWords, QUESTIONS, type Standing } from "../answer.ts";
import type { PathReport } from "../run-path.ts";

/** Options of the report for people. */
export interface PrettyOptions {
  readonly color: boolean;
  /** Print what was seen for each answer. */
  readonly proof: boolean;
}

const MARKS: Readonly<Record<Standing, string>> = {
  good: "ok  ",
  fault: "NO  ",
  note: "note",
  figure: "    ",
  unknown: "?   ",
};

/** One screen: each answer in a line, then the settings and the verdict. */
export function prettyPath(report: PathReport, options: PrettyOptions): string {
  const { bold } = createColors(options.color);
  const { url, named, clock, answers, settings, verdict, durationMs } = report;
  const through = named.length > 0 ? ` (${named.join(", ")})` : "";
  return [
    `${url}${through}`,
    ...(clock ? [`round trip ${inWords(clock.usualTripMs)}, clocks ± ${inWords(clock.uncertaintyMs)}`] : []),
    "",
    ...answers.flatMap((answer) => linesOf(answer, options)),
    ...(settings.length > 0 ? ["", "settings"] : []),
    ...settings.flatMap(({ advice, fixes, causes = [] }) => [
      `  ${advice}`,
      ...causes.map((cause) => `    cause: ${cause}`),
      ...fixes.map(({ software, line }) => `    ${software}: ${line}`),
    ]),
    "",
    `${bold(verdict.line)}   (${inWords(durationMs)})`,
    ...(options.proof || answers.length < 2 ? [] : ["the proof of one answer: add --only <name> --proof"]),
    "",
  ].join("\n");
}

function linesOf({ id, standing, text, proof }: Answer, options: PrettyOptions): string[] {
  const { green, red, yellow, dim } = createColors(options.color);
  const paint = { good: green, fault: red, note: yellow, figure: dim, unknown: dim }[standing];
  const line = `${paint(MARKS[standing])} ${id.padEnd(15)} ${QUESTIONS[id].padEnd(48)} ${text}`;
  return [line, ...(options.proof ? proof.map((seen) => `         ${seen}`) : [])];
}
