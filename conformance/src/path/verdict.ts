import { EXIT } from "../engine/model/verdict.ts";
import { type Answer, type Breaks, QUESTIONS } from "./answer.ts";

/** What the path is fit for. */
export interface PathVerdict {
  readonly kind: "streams" | "long polls" | "polls" | "nothing" | "no answer";
  readonly line: string;
  readonly exitCode: number;
}

/** Exit 0: fit for streams. 1: fit for less. 3: no answer. */
export function decidePath(answers: readonly Answer[]): PathVerdict {
  const faults = answers.filter(({ standing }) => standing === "fault");
  const reasons = (what: Breaks): string =>
    faults
      .filter(({ breaks }) => breaks === what)
      .map(({ id, text }) => `${QUESTIONS[id]}: ${text}`)
      .join("; ");
  const [polls, long, streams] = [reasons("polls"), reasons("long polls"), reasons("streams")];
  if (answers.some(({ id, standing }) => id === "origin" && standing !== "good")) {
    const origin = answers.find(({ id }) => id === "origin");
    return { kind: "no answer", line: `NO ANSWER: ${origin?.text}`, exitCode: EXIT.noVerdict };
  }
  if (polls !== "") return { kind: "nothing", line: `NOT FIT: ${polls}`, exitCode: EXIT.violation };
  if (streams === "") {
    const but = long === "" ? "" : `, but not for long polls: ${long}`;
    return { kind: "streams", line: `FIT FOR STREAMS${but}`, exitCode: EXIT.ok };
  }
  if (long === "")
    return { kind: "long polls", line: `FIT FOR LONG POLLS ONLY: ${streams}`, exitCode: EXIT.violation };
  return { kind: "polls", line: `FIT FOR POLLS ONLY: ${streams}; ${long}`, exitCode: EXIT.violation };
}
