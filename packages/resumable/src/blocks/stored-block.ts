import { Buffer, isUtf8 } from "node:buffer";

/** A block as JSON text: a string, or an object with the bytes in base64 if they are not valid UTF-8. */
export function encodeBlock(bytes: Buffer): string {
  if (isUtf8(bytes)) return JSON.stringify(bytes.toString("utf8"));
  return JSON.stringify({ base64: bytes.toString("base64") });
}

/** The bytes of a stored block. @throws TypeError for JSON that {@link encodeBlock} does not write */
export function decodeBlock(json: string): Buffer {
  const value: unknown = JSON.parse(json);
  if (typeof value === "string") return Buffer.from(value, "utf8");
  if (typeof value === "object" && value !== null && "base64" in value && typeof value.base64 === "string")
    return Buffer.from(value.base64, "base64");
  throw new TypeError("A stored block is neither a string nor base64");
}

const [LF, CR, COLON] = [0x0a, 0x0d, 0x3a];
const [LETTER_I, LETTER_D] = [0x69, 0x64];

/**
 * The block with our id: its own `id` lines are left out, and ours is the last line, so that a cut inside the block
 * never moves a reader past it. It ends as the line before it, since some parsers look for two equal line ends.
 */
export function withId(block: Buffer, id: string): Buffer {
  const parts: Buffer[] = [];
  let [start, lastEnd, ending] = [0, 0, "\n"];
  for (const line of linesOf(block)) {
    if (line.isBlank) continue;
    ending = line.ending;
    if (isId(block, line.start, line.textEnd)) {
      parts.push(block.subarray(start, line.start));
      start = line.end;
    }
    lastEnd = line.end;
  }
  parts.push(block.subarray(start, Math.max(start, lastEnd)), Buffer.from(`id: ${id}${ending}`));
  parts.push(block.subarray(Math.max(start, lastEnd)));
  return Buffer.concat(parts);
}

interface Line {
  readonly start: number;
  readonly textEnd: number;
  readonly end: number;
  readonly isBlank: boolean;
  readonly ending: string;
}

function* linesOf(block: Buffer): Generator<Line> {
  for (let start = 0; start < block.length; ) {
    let textEnd = start;
    while (textEnd < block.length && block[textEnd] !== LF && block[textEnd] !== CR) textEnd += 1;
    const isPair = block[textEnd] === CR && block[textEnd + 1] === LF;
    const end = textEnd + (isPair ? 2 : 1);
    yield { start, textEnd, end, isBlank: textEnd === start, ending: block.toString("latin1", textEnd, end) };
    start = end;
  }
}

function isId(block: Buffer, start: number, end: number): boolean {
  if (block[start] !== LETTER_I || block[start + 1] !== LETTER_D || end < start + 2) return false;
  return end === start + 2 || block[start + 2] === COLON;
}
