import { existsSync, writeFileSync } from "node:fs";
import { Command, CommanderError, Option } from "commander";
import { parseUrl } from "../engine/config/values.ts";
import { EXIT } from "../engine/model/verdict.ts";
import { PACKAGE_VERSION } from "../engine/run/run-suite.ts";
import type { SuiteCommand } from "../engine/run/suite-command.ts";
import { SUITES } from "../suites/suites.ts";
import { dialectsCommand } from "./dialects-command.ts";
import { doctorCommand } from "./doctor-command.ts";
import { explainCommand, listCommand } from "./list-command.ts";
import { originCommand } from "./origin-command.ts";
import { pathCommand } from "./path-command.ts";
import { replayCommandLine } from "./replay-command.ts";
import { compareCommand, diffCommand, reportCommand } from "./report-command.ts";
import { suiteCommand } from "./suite-command.ts";

/** The whole command line, for these suites. */
function createProgram(suites: readonly SuiteCommand[]): Command {
  const program = new Command("tidemark-conformance")
    .description("Test whether a server or a client conforms to the Tidemark specification.")
    .version(PACKAGE_VERSION);
  for (const suite of suites) program.addCommand(suiteCommand(suite));
  program
    .addCommand(doctorCommand(suites))
    .addCommand(originCommand())
    .addCommand(pathCommand())
    .addCommand(replayCommandLine((args) => createProgram(suites).parseAsync(args, { from: "user" })))
    .addCommand(reportCommand(suites))
    .addCommand(diffCommand())
    .addCommand(compareCommand())
    .addCommand(initCommand(suites))
    .addCommand(listCommand(suites))
    .addCommand(explainCommand(suites))
    .addCommand(dialectsCommand())
    .addHelpText(
      "after",
      "\nExit: 0 no violation, 1 violation, 2 usage error, 3 no verdict, 4 unverified MUST (with --require-complete)",
    );
  const all = [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)];
  for (const command of all) command.exitOverride();
  return program;
}

/** `init [file]`: write a commented configuration; an existing file stays unless `--force` is given. */
function initCommand(suites: readonly SuiteCommand[]): Command {
  const names = suites.filter(({ example }) => example !== undefined).map(({ suite }) => suite.name);
  const [first = ""] = names;
  const command = new Command("init")
    .description("write a commented configuration")
    .argument("[file]", "the file to write", "conformance.yaml")
    .option("--url <url>", "the server's URL (default: one on this machine)", parseUrl)
    .option("--force", "overwrite an existing file")
    .addOption(new Option("--suite <name>", "the suite that it is for").choices(names).default(first));
  return command.action((file: string, flags: { url?: string; force?: boolean; suite: string }) => {
    if (existsSync(file) && !flags.force)
      command.error(`error: ${file} already exists; use --force to overwrite it`);
    const chosen = suites.find(({ suite }) => suite.name === flags.suite);
    writeFileSync(file, chosen?.example?.(flags.url) ?? "");
    const words = chosen?.exampleWords?.(file, flags.url) ?? `-c ${file}`;
    process.stdout.write(`wrote ${file}; now run: npx @tidemark/conformance ${flags.suite} ${words}\n`);
  });
}

/** Run a command line. Usage errors exit with 2, errors of the suite itself with 3: neither is a verdict. */
export async function main(argv: readonly string[], suites: readonly SuiteCommand[] = SUITES): Promise<void> {
  process.stdout.on("error", ignoreGoneReader);
  try {
    await createProgram(suites).parseAsync(argv);
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
