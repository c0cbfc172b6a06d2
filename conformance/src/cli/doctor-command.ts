import { Command } from "commander";
import { createColors } from "picocolors";
import { EXIT } from "../engine/model/verdict.ts";
import { examine } from "../suites/tidemark/server/doctor/doctor.ts";
import type { Finding } from "../suites/tidemark/server/doctor/finding.ts";
import { onInterrupt } from "./interrupt.ts";
import { planOf } from "./server-command.ts";
import { addTargetOptions, parseUrl, type ServerFlags } from "./server-flags.ts";
import { asUsage } from "./usage.ts";

/** `doctor [url]`: find problems of a target before a run. */
export function doctorCommand(): Command {
  const command = new Command("doctor")
    .description("check a target before a run: each problem with its likely cause and a fix")
    .argument("[url]", "as for server", parseUrl);
  return addTargetOptions(command)
    .addHelpText(
      "after",
      "\nExit: 0 no problem found, 1 a problem that spoils a run, 2 usage error, 3 no run is possible",
    )
    .action(runCommand);
}

async function runCommand(url: string | undefined, flags: ServerFlags, command: Command): Promise<void> {
  const { options } = await asUsage(command, () => planOf(url, flags));
  const { signal, off } = onInterrupt();
  const states = new Set<Finding["state"]>();
  try {
    for await (const finding of examine({ ...options, signal })) {
      states.add(finding.state);
      process.stdout.write(`${findingLines(finding).join("\n")}\n`);
    }
  } finally {
    off();
  }
  const bad = states.has("fatal") ? EXIT.noVerdict : states.has("trouble") ? EXIT.violation : EXIT.ok;
  if (bad === EXIT.ok) process.stdout.write("no problem found\n");
  process.exitCode = bad;
}

function findingLines({ state, what, cause, advice }: Finding): string[] {
  const { green, yellow, red } = createColors(process.stdout.isTTY && process.env.NO_COLOR === undefined);
  const marks = {
    ok: green("ok      "),
    note: yellow("note    "),
    trouble: red("problem "),
    fatal: red("problem "),
  };
  return [
    `${marks[state]}${what}`,
    ...(cause === undefined ? [] : [`        cause: ${indent(cause)}`]),
    ...(advice === undefined ? [] : [`        fix:   ${indent(advice)}`]),
  ];
}

function indent(text: string): string {
  return text.replaceAll("\n", `\n${" ".repeat(15)}`);
}
