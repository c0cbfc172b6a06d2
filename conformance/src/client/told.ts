import { validateTold } from "../generated/validate.js";
import type { Told } from "./contract.ts";

/** The value as what an adapter can tell, by `schema/adapter.json`. @throws {TypeError} for anything else */
export function readTold(value: unknown): Told {
  if (validateTold(value)) return value;
  const [fault] = validateTold.errors ?? [];
  const where = fault?.instancePath === "" ? "" : ` at ${fault?.instancePath}`;
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  throw new TypeError(`not a line of the contract${where} (${fault?.message}): ${shown?.slice(0, 300)}`);
}
