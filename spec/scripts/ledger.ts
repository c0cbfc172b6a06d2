import { type Block, ID, type Requirement, readBlocks } from "./blocks.ts";
import { type Fault, type Line, readLines } from "./document.ts";
import { keywordsOutside, lookalikes, sentenceFaults } from "./rules.ts";

/** A Markdown file of the specification. */
export interface Chapter {
  readonly file: string;
  readonly markdown: string;
}

/** The requirements, in the order of the text, and all errors in the text. */
export interface Ledger {
  readonly requirements: readonly Requirement[];
  /** The place of each requirement, by its id. */
  readonly places: ReadonlyMap<string, Pick<Fault, "file" | "line">>;
  readonly faults: readonly Fault[];
  /** The number of words in normative text: everything except notes, code and the heads of blocks. */
  readonly words: number;
}

/** With the notes, this takes about fifty minutes to read. */
const MAX_WORDS = 6000;

/** The area of the ids in each chapter. */
const CHAPTER_AREA: Readonly<Record<string, string>> = {
  "core.md": "CORE",
  "polling.md": "POLL",
  "long-polling.md": "LP",
  "sse.md": "SSE",
  "publishing.md": "PUB",
  "clients.md": "CLI",
  "profiles/event-stream.md": "ES",
  "profiles/event-stream-client.md": "EC",
  "profiles/delivery.md": "DL",
};

/** The profiles: each has a ledger of its own, and binds servers or clients that do not speak Tidemark. */
export const PROFILES: readonly string[] = Object.keys(CHAPTER_AREA).filter((file) => file.includes("/"));

/** A profile takes about ten minutes to read. */
export const MAX_PROFILE_WORDS = 1500;

/** The normative chapters, in reading order. */
export const CHAPTERS: readonly string[] = Object.keys(CHAPTER_AREA).filter(
  (file) => !PROFILES.includes(file),
);

/** What {@link collect} allows. */
export interface CollectOptions {
  /** Ids that are defined elsewhere. */
  readonly defined?: readonly string[];
  /** The most words of normative text. */
  readonly maxWords?: number;
}

/**
 * Collect the requirements of the chapters.
 * @param others informative texts, in which only references are checked
 */
export function collect(
  chapters: readonly Chapter[],
  others: readonly Chapter[] = [],
  { defined = [], maxWords = MAX_WORDS }: CollectOptions = {},
): Ledger {
  const read = chapters.map((chapter) => readChapter(chapter));
  const blocks = read.flatMap((chapter) => chapter.blocks.map((block) => ({ chapter, block })));
  const known = new Set([
    ...defined,
    ...blocks.map(({ block }) => block.requirement.id),
    ...read.flatMap((chapter) => chapter.withdrawn.map(({ id }) => id)),
  ]);
  const words = read.reduce((sum, chapter) => sum + chapter.words, 0);
  return {
    words,
    requirements: blocks.map(({ block }) => block.requirement),
    places: new Map(
      blocks.map(({ chapter: { file }, block }) => [block.requirement.id, { file, line: block.line }]),
    ),
    faults: [
      ...read.flatMap((chapter) => chapter.faults),
      ...duplicates(read),
      ...[...chapters, ...others].flatMap((chapter) => dangling(chapter, known)),
      ...(words > maxWords
        ? [{ file: "spec", line: 0, message: `${words} words: at most ${maxWords}` }]
        : []),
    ],
  };
}

interface Read {
  readonly file: string;
  readonly blocks: readonly Block[];
  readonly withdrawn: readonly { readonly id: string; readonly line: number }[];
  readonly faults: readonly Fault[];
  readonly words: number;
}

function readChapter({ file, markdown }: Chapter): Read {
  const lines = readLines(markdown);
  const { blocks, withdrawn, faults } = readBlocks(file, lines);
  return {
    file,
    blocks,
    withdrawn,
    words: countWords(lines),
    faults: [
      ...faults,
      ...keywordsOutside(file, lines),
      ...lookalikes(file, lines),
      ...blocks.flatMap((block) => [...sentenceFaults(file, block), ...misplaced(file, block)]),
    ],
  };
}

function countWords(lines: readonly Line[]): number {
  return lines
    .filter(({ kind, raw }) => kind === "text" || (kind === "quote" && !raw.startsWith("> **")))
    .reduce((sum, { raw }) => sum + (raw.match(/[\p{L}\p{N}][^\s|]*/gu)?.length ?? 0), 0);
}

function misplaced(file: string, { requirement, line }: Block): readonly Fault[] {
  const area = requirement.id.split("-")[0];
  const expected = CHAPTER_AREA[file];
  if (expected === undefined || area === expected) return [];
  return [{ file, line, message: `${requirement.id} is in the wrong chapter: this one is for ${expected}` }];
}

function duplicates(read: readonly Read[]): readonly Fault[] {
  const seen = new Set<string>();
  const faults: Fault[] = [];
  for (const { file, blocks, withdrawn } of read) {
    const ids = blocks.map(({ requirement, line }) => ({ id: requirement.id, line }));
    for (const { id, line } of [...ids, ...withdrawn]) {
      if (seen.has(id)) faults.push({ file, line, message: `duplicate id ${id}` });
      seen.add(id);
    }
  }
  return faults;
}

function dangling({ file, markdown }: Chapter, known: ReadonlySet<string>): readonly Fault[] {
  return markdown
    .split("\n")
    .flatMap((raw, index) =>
      [...raw.matchAll(ID)]
        .filter(([id]) => !known.has(id))
        .map(([id]) => ({ file, line: index + 1, message: `reference to ${id}, which is not defined` })),
    );
}
