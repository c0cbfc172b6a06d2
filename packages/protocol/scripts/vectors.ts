// The vectors of the specification, for the tests of this package.
import { readFileSync } from "node:fs";

/** One case; its id is the name of its test. */
export interface Vector {
  readonly id: string;
  readonly requirement: string;
}

/** Text, or bytes that are not valid text. */
export type VectorBytes = string | { readonly base64: string };

/** The cases of one file of `spec/vectors`. */
export function vectors<T>(name: string): readonly (T & Vector)[] {
  const cases = JSON.parse(
    readFileSync(new URL(`../../../spec/vectors/${name}.json`, import.meta.url), "utf8"),
  );
  if (!Array.isArray(cases) || cases.length === 0) throw new Error(`${name}.json has no vectors`);
  return cases;
}

/** The bytes of a vector's text. */
export function toBytes(input: VectorBytes): Uint8Array {
  return new Uint8Array(typeof input === "string" ? Buffer.from(input) : Buffer.from(input.base64, "base64"));
}
