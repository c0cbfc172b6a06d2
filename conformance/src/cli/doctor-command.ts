import { Command } from "commander";
import { createColors } from "picocolors";
import { EXIT } from "../engine/model/verdict.ts";
import type { Finding } from "../engine/run/finding.ts";
import type { SuiteCommand } from "../engine/run/suite-command.ts";
import { asUsage, onInterrupt } from "./process.ts";

/** `doctor [url]`: find problems of a target before a run; `doctor <suite> …` for a target of another suite. */
export function doctorCommand(suites: readonly SuiteCommand[]): Command {
  const [first, ...others] = suites.filter(({ examine }) => examine !== undefined);
  if (!first) throw new RangeError("no suite has a doctor");
  const command = doctorOf(first, "doctor");
  for (const other of others) command.addCommand(doctorOf(other, other.suite.name));
  return command;
}

function doctorOf(named: SuiteCommand, name: string): Command {
  const command = new Command(name).description(
    "check a target before a run: each problem with its likely cause and a fix",
  );
  named.declareTarget(command);
  return command
    .addHelpText(
      "after",
      "\nExit: 0 no problem found, 1 a problem that spoils a run, 2 usage error, 3 no run is possible",
    )
    .action(() => runCommand(named, command));
}

async function runCommand(named: SuiteCommand, command: Command): Promise<void> {
  const { options } = await asUsage(command, () => named.plan(command.args, command.opts()));
  const { signal, off } = onInterrupt();
  const states = new Set<Finding["state"]>();
  try {
    for await (const finding of named.examine?.({ ...options, signal }) ?? []) {
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
