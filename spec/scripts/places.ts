/** A name in braces that stands for what a server chooses: a cursor, an entity tag, a number, any text. */
const PLACE = /\{(\*|[cen]\d+)\}/;
const PLACES = new RegExp(PLACE, "g");

/** Members that an answer can have though the example does not show them. */
const FREE_MEMBERS: readonly string[] = ["detail", "retry"];

/** What the places of the examples have come to stand for, and the comparison with an answer. */
export class Places {
  readonly #texts = new Map<string, string>();

  /** The text with what is known in its places; others are left. */
  fill(text: string): string {
    return text.replace(PLACES, (place, name: string) => this.#texts.get(name) ?? place);
  }

  /** The first place of a text that nothing is known of. */
  unknownIn(text: string): string | undefined {
    return PLACE.exec(this.fill(text))?.[0];
  }

  /** How an answer differs from the example, beginning with where; undefined if it does not. */
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

  /** Take what stands in the places of a text, unless it contradicts what is known. */
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

/** The value of a JSON text in which a place can stand for a number. */
export function parseExample(text: string): unknown {
  return JSON.parse(text.replace(/(?<=[:,[])\{n\d+\}/g, '"$&"'));
}

function differs(where: string, expected: unknown, actual: unknown): string {
  return `${where} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`;
}
