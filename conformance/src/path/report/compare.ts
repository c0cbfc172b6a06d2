import { ConfigError, readText } from "../../engine/config/source-file.ts";
import { type Answer, QUESTIONS, type Standing } from "../answer.ts";
import type { PathReport } from "../run-path.ts";

/** Read a JSON report of `path`. @throws {ConfigError} if the file is not one */
export function loadPathReport(file: string): PathReport {
  const text = readText(file);
  let value: Partial<PathReport>;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`${file}: invalid JSON: ${(error as Error).message}`);
  }
  if (value?.format !== "tidemark-path/1" || !Array.isArray(value.answers))
    throw new ConfigError(`${file}: not a report of path; write one with path <url> --reporter json=<file>`);
  return value as PathReport;
}

/** An answer that differs between two reports. */
export interface PathChange {
  readonly id: Answer["id"];
  readonly before: string;
  readonly after: string;
  /** It was not a fault before, and is one now. */
  readonly worse: boolean;
}

/** Compare answers by their standing and, for faults and notes, by what they say without its figures. */
export function diffPath(before: PathReport, after: PathReport): readonly PathChange[] {
  const find = ({ answers }: PathReport, id: string): Answer | undefined =>
    answers.find((one) => one.id === id);
  return (Object.keys(QUESTIONS) as Answer["id"][]).flatMap((id) => {
    const [one, other] = [find(before, id), find(after, id)];
    if (!one || !other || sameAnswer(one, other)) return [];
    const worse = other.standing === "fault" && one.standing !== "fault";
    return [{ id, before: say(one), after: say(other), worse }];
  });
}

/** Two figures of one measurement never agree to the millisecond; the words do. */
function sameAnswer(one: Answer, other: Answer): boolean {
  if (one.standing !== other.standing) return false;
  const words = (text: string): string => text.replace(/\d+(\.\d+)?( (ms|s|bytes|KiB|MiB))/g, "n$2");
  const isMeasured: readonly Standing[] = ["good", "unknown"];
  if (isMeasured.includes(one.standing) || one.id === "latency") return true;
  return words(one.text) === words(other.text);
}

function say({ standing, text }: Answer): string {
  return `${standing} (${text})`;
}

/** The changes as lines, regressions first. */
export function diffPathLines(changes: readonly PathChange[]): string[] {
  if (changes.length === 0) return ["no differences"];
  return [...changes]
    .sort((a, b) => Number(b.worse) - Number(a.worse))
    .map(({ id, before, after, worse }) => `${worse ? "worse" : "     "} ${id}: ${before} → ${after}`);
}

/** For two addresses of one origin: at which hop does each problem occur? */
export function hopLines(inner: PathReport, outer: PathReport): string[] {
  const bad = ({ standing }: Answer): boolean => standing === "fault" || standing === "note";
  const lines = outer.answers.flatMap((far) => {
    const near = inner.answers.find(({ id }) => id === far.id);
    if (!near || (!bad(far) && !bad(near))) return [];
    const where = !bad(near)
      ? "between the outer and the inner address"
      : bad(far)
        ? "behind the inner address"
        : "behind the inner address, and hidden by what is before it";
    return [`  ${far.id}: ${bad(far) ? far.text : near.text}\n    ${where}`];
  });
  return ["where", ...(lines.length > 0 ? lines : ["  no problem at either address"]), ""];
}
