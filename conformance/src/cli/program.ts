import { createRequire } from "node:module";
import { Command, CommanderError } from "commander";
import { EXIT } from "../engine/model/verdict.ts";
import { clientCommand } from "./client-command.ts";
import { doctorCommand } from "./doctor-command.ts";
import { initCommand } from "./init-command.ts";
import { explainCommand, listCommand } from "./list-command.ts";
import { replayCommandLine } from "./replay-command.ts";
import { diffCommand, reportCommand } from "./report-command.ts";
import { serverCommand } from "./server-command.ts";

const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };

/** The whole command line. */
export function createProgram(): Command {
  const program = new Command("tidemark-conformance")
    .description("Test whether a server or a client conforms to the Tidemark specification.")
    .version(version)
    .addCommand(serverCommand())
    .addCommand(clientCommand())
    .addCommand(doctorCommand())
    .addCommand(replayCommandLine((args) => createProgram().parseAsync(args, { from: "user" })))
    .addCommand(reportCommand())
    .addCommand(diffCommand())
    .addCommand(initCommand())
    .addCommand(listCommand())
    .addCommand(explainCommand())
    .addHelpText(
      "after",
      "\nExit: 0 no violation, 1 violation, 2 usage error, 3 no verdict, 4 unverified MUST (with --require-complete)",
    );
  for (const command of [program, ...program.commands]) command.exitOverride();
  return program;
}

/** Run a command line. Usage errors exit with 2, errors of the suite itself with 3: neither is a verdict. */
export async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on("error", ignoreGoneReader);
  try {
    await createProgram().parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
      return;
    }
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = EXIT.noVerdict;
  }
}

/** `… | head` closes the pipe once it has enough; that is not an error. */
function ignoreGoneReader(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
