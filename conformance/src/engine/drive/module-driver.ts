import { pathToFileURL } from "node:url";
import type { Driver } from "./driver.ts";

/** A module of the user that cannot be used as a driver. */
export class ModuleDriverError extends Error {
  override readonly name = "ModuleDriverError";
}

/** Load the driver that an ES module exports as `driver`. @throws {ModuleDriverError} when there is none */
export async function loadDriver(path: string): Promise<Driver> {
  const { driver } = await load(path);
  if (!isDriver(driver))
    throw new ModuleDriverError(
      `${path} does not export \`driver\` with a \`name\` and a function \`publish\``,
    );
  return driver;
}

async function load(path: string): Promise<{ readonly driver?: unknown }> {
  try {
    return (await import(pathToFileURL(path).href)) as { readonly driver?: unknown };
  } catch (cause) {
    throw new ModuleDriverError(`${path} could not be loaded: ${String(cause)}`, { cause });
  }
}

function isDriver(value: unknown): value is Driver {
  if (typeof value !== "object" || value === null) return false;
  const { name, publish } = value as { readonly name?: unknown; readonly publish?: unknown };
  return typeof name === "string" && typeof publish === "function";
}
