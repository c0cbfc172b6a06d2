/** The text of one JSON value, without CR and LF. Values stay text so that numbers keep all their digits. */
export type JsonText = string;

/** The path from the root of a JSON value to one of its parts. */
export type JsonPath = readonly (string | number)[];

/** The JSON Pointer (RFC 6901) of a path; empty for the whole value. */
export function toPointer(path: JsonPath): string {
  return path.map((step) => `/${String(step).replace(/~/g, "~0").replace(/\//g, "~1")}`).join("");
}
