import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import type { Told } from "./contract.ts";

let compiled: ValidateFunction<Told> | undefined;

/** The value as what an adapter can tell, by `schema/adapter.json`. @throws {TypeError} for anything else */
export function readTold(value: unknown): Told {
  compiled ??= compile();
  if (compiled(value)) return value;
  const [fault] = compiled.errors ?? [];
  const where = fault?.instancePath === "" ? "" : ` at ${fault?.instancePath}`;
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  throw new TypeError(`not a line of the contract${where} (${fault?.message}): ${shown?.slice(0, 300)}`);
}

function compile(): ValidateFunction<Told> {
  const file = new URL("../../schema/adapter.json", import.meta.url);
  const schema = JSON.parse(readFileSync(file, "utf8")) as { readonly $id: string };
  const ajv = new Ajv({ discriminator: true }).addSchema(schema);
  return ajv.compile<Told>({ $ref: `${schema.$id}#/definitions/Told` });
}
