/** The way from the top of a JSON value to a part of it. */
export type JsonPath = readonly (string | number)[];

/** The JSON Pointer (RFC 6901) of a path; empty for the whole value. */
export function toPointer(path: JsonPath): string {
  return path.map((step) => `/${String(step).replace(/~/g, "~0").replace(/\//g, "~1")}`).join("");
}
