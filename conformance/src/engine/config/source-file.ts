import { readFileSync } from "node:fs";
import { type Document, isMap, isNode, isScalar, LineCounter, type Pair, parseDocument } from "yaml";

/** A mistake of the user in a file or on the command line; for a file, the message has line and column. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** A YAML or JSON file that knows the place of each value. */
export class SourceFile {
  readonly path: string;
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;

  /** @throws {ConfigError} when the text is not YAML */
  constructor(path: string, text: string) {
    this.path = path;
    this.#lines = new LineCounter();
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    const [fault] = this.#document.errors; // the others mostly follow from the first
    if (fault) throw new ConfigError(`${this.#at(fault.pos[0])}: ${fault.message}`);
  }

  /** @throws {ConfigError} when the file cannot be read, or is not YAML */
  static read(path: string): SourceFile {
    return new SourceFile(path, readText(path));
  }

  /** The content as plain data. */
  get value(): unknown {
    return this.#document.toJS();
  }

  /** `file:line:column` of the value at a path, or of its key; if it is missing, of the nearest parent. */
  place(path: readonly (string | number)[], key?: string): string {
    for (let length = path.length; length >= 0; length -= 1) {
      const node: unknown =
        length === 0 ? this.#document.contents : this.#document.getIn(path.slice(0, length), true);
      if (!isNode(node)) continue;
      const pair =
        key !== undefined && length === path.length && isMap(node) ? keyOf(node.items, key) : undefined;
      return this.#at((pair ?? node).range?.[0] ?? 0);
    }
    return `${this.path}:1:1`;
  }

  #at(offset: number): string {
    const { line, col } = this.#lines.linePos(offset);
    return `${this.path}:${Math.max(1, line)}:${Math.max(1, col)}`;
  }
}

function keyOf(
  pairs: readonly Pair[],
  key: string,
): { readonly range?: readonly number[] | null } | undefined {
  const pair = pairs.find((candidate) => isScalar(candidate.key) && String(candidate.key.value) === key);
  return isNode(pair?.key) ? pair.key : undefined;
}

/** Read a text file. @throws {ConfigError} when it cannot be read */
export function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new ConfigError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
