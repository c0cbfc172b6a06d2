import type { Fault } from "./document.ts";

/** A row of the problem registry, as in `problems.json`. */
export interface ProblemRow {
  readonly name: string;
  readonly type: string;
  readonly status: number;
  /** Members that the problem always has, in addition to `type`, `title` and `status`. */
  readonly members: readonly string[];
  /** Members that it has if the server knows their values. */
  readonly optionalMembers: readonly string[];
  /** Header fields that the answer always has. */
  readonly fields: readonly string[];
  readonly when: string;
}

/** The registry, and the errors in it. */
export interface Registry {
  readonly problems: readonly ProblemRow[];
  readonly faults: readonly Fault[];
}

const BASE = "https://tidemark.example/problems/";
const HEAD = "| name | status | further members and fields | when |";
const ROW = /^\| `([a-z-]+)` \| ([45]\d\d) \| (.*?)\| (\S.*) \|$/;

/** Extract the problem registry from its chapter. */
export function readProblems(file: string, markdown: string): Registry {
  const lines = markdown.split("\n");
  const head = lines.indexOf(HEAD);
  if (head === -1)
    return { problems: [], faults: [{ file, line: 0, message: "there is no problem registry" }] };
  const table = lines.slice(head + 2, lines.indexOf("", head));
  const problems: ProblemRow[] = [];
  const faults: Fault[] = [];
  for (const [index, text] of table.entries()) {
    const row = readRow(text);
    const known = problems.some(({ name }) => name === row?.name);
    if (row !== undefined && !known) problems.push(row);
    else faults.push({ file, line: head + 3 + index, message: `malformed or repeated problem: ${text}` });
  }
  return { problems, faults };
}

function readRow(text: string): ProblemRow | undefined {
  const [, name, status, cell, when] = ROW.exec(text) ?? [];
  if (name === undefined || cell === undefined || when === undefined) return undefined;
  const plain = cell.replace(/\(.*\)/, "");
  const [members = "", fields = ""] = plain.split("field ");
  const names = [...members.matchAll(/`([a-z]+)`(\??)/g)];
  return {
    name,
    type: `${BASE}${name}`,
    status: Number(status),
    members: names.filter(({ 2: mark }) => mark === "").map(({ 1: member = "" }) => member),
    optionalMembers: names.filter(({ 2: mark }) => mark === "?").map(({ 1: member = "" }) => member),
    fields: [...fields.matchAll(/`([A-Za-z-]+)`(?!\?)/g)].map(({ 1: field = "" }) => field),
    when,
  };
}
