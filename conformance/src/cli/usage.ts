import type { Command } from "commander";
import { ConfigError } from "../engine/config/source-file.ts";

/** Report a mistake of the user, a `ConfigError`, with its message and exit code 2. */
export async function asUsage<T>(command: Command, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof ConfigError) command.error(`error: ${error.message}`);
    throw error;
  }
}
