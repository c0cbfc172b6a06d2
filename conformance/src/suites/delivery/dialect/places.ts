import type { Exchange } from "../../../engine/wire/exchange.ts";
import { type Json, JsonNumber, jsonText, member } from "../../../engine/wire/json.ts";
import type { Place, Pointer, PositionConfig, PositionParts, PositionPlaces, Sign } from "./dialect.ts";

/** A position, as the values of its parts by name. */
export type Position = Readonly<Record<string, string>>;

/** The name of the part of a position that has only one. */
const ONLY = "position";

/** The value that a JSON Pointer leads to, or undefined. */
export function at(value: Json | undefined, pointer: Pointer): Json | undefined {
  let found = value;
  for (const step of pointer.split("/").slice(1)) {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    found = Array.isArray(found) ? (found as readonly Json[])[Number(name)] : member(found, name);
  }
  return found;
}

/** A value as the text of a position: strings and numbers only. */
export function asPart(value: Json | undefined): string | undefined {
  if (value instanceof JsonNumber) return value.text;
  return typeof value === "string" ? value : undefined;
}

/** A value as the text of a payload. */
export function asText(value: Json | undefined): string | undefined {
  return value === undefined || typeof value === "string" ? value : jsonText(value);
}

/** A position as a dialect writes it. */
export function positionOf(written: string | PositionParts | undefined): Position | undefined {
  return typeof written === "string" ? { [ONLY]: written } : written;
}

/** The position of a message, from a single value. */
export function positionAt(value: Json | undefined, pointer: Pointer): Position | undefined {
  return positionOf(asPart(at(value, pointer)));
}

/** What places can point into. */
export interface Parts {
  readonly exchange: Exchange;
  readonly json: Json | undefined;
  readonly id?: string;
}

/**
 * The position that a response gives; undefined unless its first part is there. Other parts that are missing are left
 * out.
 */
export function readPosition({ from }: PositionConfig, parts: Parts, usual?: Place): Position | undefined {
  const places: PositionPlaces = typeof from === "object" ? from : { [ONLY]: from ?? usual ?? "id" };
  const read = Object.entries(places).map(([name, place]) => [name, partAt(place, parts)] as const);
  if (read[0]?.[1] === undefined) return undefined;
  return Object.fromEntries(read.filter(([, value]) => value !== undefined)) as Position;
}

/** What a place holds. */
export function partAt(place: Place, { exchange, json, id }: Parts): string | undefined {
  if (place === "id") return id === "" ? undefined : id;
  const [kind, where = ""] = place.split(/\s+/, 2);
  return kind === "header" ? exchange.header(where) : asPart(at(json, where));
}

/** Whether a response shows the sign. */
export function isShown(sign: Sign | undefined, { exchange, json }: Parts, event?: string): boolean {
  if (!sign) return false;
  const { status = [], header, json: pointer, event: name } = sign;
  if (status.includes(exchange.status ?? 0)) return true;
  if (header !== undefined && exchange.header(header) !== undefined) return true;
  if (name !== undefined && event !== undefined && (name !== event || pointer === undefined))
    return name === event;
  const value = pointer === undefined ? undefined : at(json, pointer);
  return value !== undefined && value !== false && value !== null;
}
