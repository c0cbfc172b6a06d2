// Reads the OpenAPI description for its tests.
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";

/** Any part of the description. */
export type Node = Readonly<Record<string, unknown>>;

const at = (path: string): URL => new URL(`../${path}`, import.meta.url);

/** The whole description. */
export function readOpenApi(): Node {
  return parse(readFileSync(at("openapi.yaml"), "utf8")) as Node;
}

/** The JSON Schemas, by the references that the description uses: `schemas/page.json`. */
export function readSchemas(): ReadonlyMap<string, Node> {
  const names = readdirSync(at("schemas")).map((name) => `schemas/${name}`);
  return new Map(names.map((name) => [name, JSON.parse(readFileSync(at(name), "utf8")) as Node]));
}

/** Whether a value is an object with members. */
export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The member at the end of a path, or an empty object if it does not exist. */
export function childOf(node: Node, ...path: readonly string[]): Node {
  return path.reduce<Node>((parent, name) => (isNode(parent[name]) ? (parent[name] as Node) : {}), node);
}

/** Follow a reference inside the description. */
export function resolve(document: Node, node: Node): Node {
  const reference = node.$ref;
  if (typeof reference !== "string" || !reference.startsWith("#/")) return node;
  return childOf(document, ...reference.slice(2).split("/"));
}

/** Every object of a tree, with its JSON Pointer as a fragment. */
export function* walk(node: unknown, pointer = "#"): Generator<readonly [pointer: string, node: Node]> {
  if (typeof node !== "object" || node === null) return;
  if (isNode(node)) yield [pointer, node];
  for (const [name, child] of Object.entries(node))
    yield* walk(child, `${pointer}/${encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"))}`);
}
