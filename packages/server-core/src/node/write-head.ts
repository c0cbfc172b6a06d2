import type { ServerResponse } from "node:http";
import { isUnwrapped } from "./unwrapped.ts";

/**
 * Set the status and the header fields of an answer; in `fields`, names and values alternate. If the response is not
 * wrapped, they are written at once. Otherwise they are set one by one and sent with the first bytes of the body, which
 * works with all middleware.
 */
export function writeHead(res: ServerResponse, status: number, fields: string[]): void {
  if (isUnwrapped(res) && !res.hasHeader("Vary")) {
    res.writeHead(status, fields);
    return;
  }
  for (let at = 0; at < fields.length; at += 2) {
    const [name = "", value = ""] = [fields[at], fields[at + 1]];
    res.setHeader(name, name === "Vary" ? mergeVary(res.getHeader("Vary"), value) : value);
  }
  res.statusCode = status;
}

/** Merge both lists, without duplicates. */
function mergeVary(present: number | string | string[] | undefined, added: string): string {
  const names = namesOf(String(present ?? ""));
  const known = new Set(names.map((name) => name.toLowerCase()));
  if (known.has("*")) return "*";
  return [...names, ...namesOf(added).filter((name) => !known.has(name.toLowerCase()))].join(", ");
}

function namesOf(list: string): string[] {
  return list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
