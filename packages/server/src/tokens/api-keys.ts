import { createHash } from "node:crypto";
import { parse } from "yaml";
import { type Permissions, readPermissions } from "./permissions.ts";

/** What a token allows, and whose it is. */
export interface Grant {
  readonly principal: string;
  readonly permissions: Permissions;
  /** When it ends, in milliseconds since 1970. */
  readonly endsMs: number;
}

/** Grants by the SHA-256 of their keys, so that the file does not contain the keys. */
export type ApiKeys = ReadonlyMap<string, Grant>;

const SHA256 = /^[0-9a-f]{64}$/;

/**
 * Read a file of API keys, in YAML or JSON: a list of `name`, `sha256`, `read`, `publish`, `remove` and `expires`.
 * Entries with one name are keys of one principal, so that a key can be replaced.
 * @throws TypeError that names the entry
 */
export function readApiKeys(text: string): ApiKeys {
  const list: unknown = parse(text);
  if (!Array.isArray(list)) throw new TypeError("expected a list of keys, each with name and sha256");
  return new Map(list.map((entry, index) => readEntry(entry, `key ${index + 1}`)));
}

/** The grant of a key, if the file has it. */
export function findKey(keys: ApiKeys, key: string): Grant | undefined {
  return keys.get(digestOf(key));
}

/** What the file contains of a key. */
export function digestOf(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

function readEntry(entry: unknown, place: string): [string, Grant] {
  if (typeof entry !== "object" || entry === null)
    throw new TypeError(`${place} has to have name and sha256`);
  const { name, sha256, expires, ...permissions } = entry as Readonly<Record<string, unknown>>;
  if (typeof name !== "string" || name === "") throw new TypeError(`${place} has no name`);
  if (typeof sha256 !== "string" || !SHA256.test(sha256.toLowerCase()))
    throw new TypeError(`${place} (${name}): sha256 has to be 64 hexadecimal digits, the SHA-256 of the key`);
  const unknown = Object.keys(permissions).find((each) => !["read", "publish", "remove"].includes(each));
  if (unknown !== undefined) throw new TypeError(`${place} (${name}): there is no ${unknown}`);
  const grant = {
    principal: `key ${name}`,
    permissions: readPermissions(permissions, `${place} (${name})`),
    endsMs: readDate(expires, `${place} (${name})`),
  };
  return [sha256.toLowerCase(), grant];
}

function readDate(value: unknown, place: string): number {
  if (value === undefined || value === null) return Number.POSITIVE_INFINITY;
  const ms = value instanceof Date ? value.getTime() : Date.parse(String(value));
  if (Number.isNaN(ms)) throw new TypeError(`${place}: expires has to be a date, such as 2027-01-31`);
  return ms;
}
