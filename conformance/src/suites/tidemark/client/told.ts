import { validateTold } from "../../../generated/validate.js";
import type { Told } from "./contract.ts";

/** Validate a line of an adapter against `schema/adapter.json`. @throws {TypeError} if it is invalid */
export function readTold(value: unknown): Told {
  if (validateTold(value)) return value;
  const [fault] = validateTold.errors ?? [];
  const where = fault?.instancePath === "" ? "" : ` at ${fault?.instancePath}`;
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  throw new TypeError(
    `invalid line${where} (${fault?.message}; see schema/adapter.json): ${shown?.slice(0, 300)}`,
  );
}
