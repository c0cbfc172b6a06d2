import { createHash } from "node:crypto";
import type { Fault, Line } from "./document.ts";

/** How strongly a requirement binds (BCP 14). */
export type Level = "MUST" | "MUST NOT" | "SHOULD" | "SHOULD NOT" | "MAY";

/** One requirement of the specification, as in `requirements.json`. */
export interface Requirement {
  readonly id: string;
  readonly level: Level;
  readonly subject: "server" | "client";
  readonly class: string;
  /** The sentence as Markdown, with white space collapsed. */
  readonly text: string;
  readonly anchor: string;
  /** {@link hashOf} of `text`. */
  readonly hash: string;
  /** Whether a peer can observe a violation. */
  readonly observable: boolean;
  /** Why it is not observable. */
  readonly reason?: string;
  /** The standard that says so, or `practice`; only the sentences of a profile name one. */
  readonly source?: string;
}

/** A requirement and its place in the text. */
export interface Block {
  readonly requirement: Requirement;
  readonly line: number;
}

/** The quoted blocks of one chapter. */
export interface Blocks {
  readonly blocks: readonly Block[];
  readonly withdrawn: readonly { readonly id: string; readonly line: number }[];
  readonly faults: readonly Fault[];
}

/** The class of each area; an id begins with its area. */
export const AREAS: Readonly<Record<string, string>> = {
  CORE: "core",
  POLL: "polling",
  LP: "long-polling",
  SSE: "sse",
  PUB: "publishing",
  CLI: "core",
};

/** The classes of each profile, by the area and the topic of an id: a suite reports them like chapters. */
const PROFILE_CLASSES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ES: { OPEN: "opening", FRAME: "framing", LIFE: "life", RESUME: "resuming", END: "end" },
  EC: { ASK: "requests", DECODE: "decoding", RESUME: "resuming", RETRY: "reconnecting", END: "end" },
  DL: {
    READ: "reading",
    ORDER: "order",
    POS: "positions",
    WAIT: "waiting",
    LOSS: "losses",
    END: "end",
    FEED: "feeds",
  },
};

/** Matches all ids in a text. */
export const ID: RegExp = new RegExp(
  `\\b(?:${[...Object.keys(AREAS), ...Object.keys(PROFILE_CLASSES)].join("|")})-[A-Z]+-\\d+\\b`,
  "g",
);

const HEAD =
  /^\*\*([A-Z]+)-([A-Z]+)-([1-9]\d*)\*\* · (server|client) · (MUST NOT|MUST|SHOULD NOT|SHOULD|MAY)(?: · source: ([^·]*[^·\s]))?(?: · not observable: (\S.*))?$/;
const WITHDRAWN = /^\*\*([A-Z]+-[A-Z]+-[1-9]\d*)\*\* · withdrawn$/;

/** Read the requirements of a chapter; every quoted block has to be a requirement. */
export function readBlocks(file: string, lines: readonly Line[]): Blocks {
  const blocks: Block[] = [];
  const withdrawn: { id: string; line: number }[] = [];
  const faults: Fault[] = [];
  for (const quote of quotes(lines)) {
    const [head = "", ...body] = quote.text;
    const old = WITHDRAWN.exec(head)?.[1];
    const requirement = readRequirement(file, head, body);
    if (old !== undefined) withdrawn.push({ id: old, line: quote.line });
    else if (requirement === undefined)
      faults.push({ file, line: quote.line, message: `malformed requirement block: ${head}` });
    else blocks.push({ requirement, line: quote.line });
  }
  return { blocks, withdrawn, faults };
}

/** The first 16 hex digits of the SHA-256. */
export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function quotes(lines: readonly Line[]): readonly { line: number; text: string[] }[] {
  const found: { line: number; text: string[] }[] = [];
  let last = -1;
  for (const { kind, number, raw } of lines) {
    if (kind !== "quote") continue;
    const text = raw.replace(/^>\s?/, "").trim();
    if (number === last + 1) found.at(-1)?.text.push(text);
    else found.push({ line: number, text: [text] });
    last = number;
  }
  return found;
}

function readRequirement(file: string, head: string, body: readonly string[]): Requirement | undefined {
  const match = HEAD.exec(head);
  const text = body.join(" ").replace(/\s+/g, " ").trim();
  const area = match?.[1] ?? "";
  const profile = PROFILE_CLASSES[area];
  const owner = profile ? profile[match?.[2] ?? ""] : AREAS[area];
  const source = match?.[6];
  if (match === null || owner === undefined || text === "") return undefined;
  if ((profile !== undefined) !== (source !== undefined)) return undefined;
  const id = `${area}-${match[2]}-${match[3]}`;
  const reason = match[7];
  return {
    id,
    level: match[5] as Level,
    subject: match[4] as Requirement["subject"],
    class: owner,
    text,
    anchor: `${file}#${id.toLowerCase()}`,
    hash: hashOf(text),
    observable: reason === undefined,
    ...(source === undefined ? {} : { source }),
    ...(reason === undefined ? {} : { reason }),
  };
}
