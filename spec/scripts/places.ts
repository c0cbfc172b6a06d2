/** A place: a name in braces for a value that the server chooses, such as a cursor, an entity tag or a number. */
const PLACE = /\{(\*|[cen]\d+)\}/;
const PLACES = new RegExp(PLACE, "g");

/** Members that an answer can have even if the example does not show them. */
const FREE_MEMBERS: readonly string[] = ["detail", "retry"];

/** Compares answers with examples, and remembers the values of the places. */
export class Places {
  readonly #texts = new Map<string, string>();

  /** The text with its places replaced by their values; unknown places stay. */
  fill(text: string): string {
    return text.replace(PLACES, (place, name: string) => this.#texts.get(name) ?? place);
  }

  /** The first place in a text that has no value yet. */
  unknownIn(text: string): string | undefined {
    return PLACE.exec(this.fill(text))?.[0];
  }

  /** How an answer differs from the example, beginning with `where`; `undefined` if it does not differ. */
  compare(expected: unknown, actual: unknown, where: string): string | undefined {
    if (typeof expected === "string" && PLACE.test(expected))
      return this.#take(expected, actual) ? undefined : differs(where, expected, actual);
    if (typeof expected !== "object" || expected === null)
      return Object.is(expected, actual) ? undefined : differs(where, expected, actual);
    if (typeof actual !== "object" || actual === null) return differs(where, expected, actual);
    return this.#compareMembers(expected, actual, where);
  }

  #compareMembers(expected: object, actual: object, where: string): string | undefined {
    const members = Object.entries(expected);
    const extra = Object.keys(actual).find((name) => !(name in expected) && !FREE_MEMBERS.includes(name));
    if (extra !== undefined) return `${where}/${extra} is not in the example`;
    for (const [name, value] of members) {
      const fault = this.compare(value, (actual as Record<string, unknown>)[name], `${where}/${name}`);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  /** Match a text with an answer and set its places; false if the texts or the known values differ. */
  #take(expected: string, actual: unknown): boolean {
    const names = [...expected.matchAll(PLACES)].map(([, name = ""]) => name);
    const parts = expected.split(PLACES).filter((_, index) => index % 2 === 0);
    const pattern = new RegExp(`^${parts.map((part) => part.replace(/\W/g, "\\$&")).join("(.+)")}$`, "s");
    const found = pattern.exec(String(actual));
    return found !== null && names.every((name, index) => this.#settle(name, found[index + 1] ?? ""));
  }

  #settle(name: string, text: string): boolean {
    if (name === "*") return true;
    const known = this.#texts.get(name);
    if (known !== undefined) return known === text;
    const isTaken = [...this.#texts].some(([other, taken]) => other.startsWith("c") && taken === text);
    if (name.startsWith("c") && isTaken) return false;
    this.#texts.set(name, text);
    return true;
  }
}

/** Parse a JSON text in which a place can stand for a number. */
export function parseExample(text: string): unknown {
  return JSON.parse(text.replace(/(?<=[:,[])\{n\d+\}/g, '"$&"'));
}

function differs(where: string, expected: unknown, actual: unknown): string {
  return `${where} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`;
}
