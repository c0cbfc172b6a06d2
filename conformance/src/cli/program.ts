import { createRequire } from "node:module";
import { Command, CommanderError } from "commander";
import { EXIT } from "../model/verdict.ts";
import { clientCommand } from "./client-command.ts";
import { initCommand } from "./init-command.ts";
import { explainCommand, listCommand } from "./list-command.ts";
import { serverCommand } from "./server-command.ts";

const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };

/** The whole command line. */
export function createProgram(): Command {
  const program = new Command("tidemark-conformance")
    .description("Which sentence of the Tidemark specification does a server break?")
    .version(version)
    .addCommand(serverCommand())
    .addCommand(clientCommand())
    .addCommand(initCommand())
    .addCommand(listCommand())
    .addCommand(explainCommand())
    .addHelpText(
      "after",
      "\nExit: 0 no violation, 1 violation, 2 usage, 3 no verdict, 4 MUSTs unverified under --require-complete",
    );
  for (const command of [program, ...program.commands]) command.exitOverride();
  return program;
}

/** Run a command line; usage errors end with exit code 2. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
}
