import { Command } from "commander";
import { createColors } from "picocolors";
import { examine } from "../doctor/doctor.ts";
import type { Finding } from "../doctor/finding.ts";
import { EXIT } from "../model/verdict.ts";
import { onInterrupt } from "./interrupt.ts";
import { planOf } from "./server-command.ts";
import { addTargetOptions, parseUrl, type ServerFlags } from "./server-flags.ts";
import { asUsage } from "./usage.ts";

/** `doctor [url]`: what stands in the way of a run; exit 0 nothing, 1 something, 3 no run can be made at all. */
export function doctorCommand(): Command {
  const command = new Command("doctor")
    .description("what stands in the way of a run, why, and what to do about it")
    .argument("[url]", "as for server", parseUrl);
  return addTargetOptions(command)
    .addHelpText(
      "after",
      "\nExit: 0 nothing stands in the way, 1 something does, 2 usage, 3 no run can be made at all",
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
  if (bad === EXIT.ok) process.stdout.write("nothing stands in the way\n");
  process.exitCode = bad;
}

function findingLines({ state, what, cause, advice }: Finding): string[] {
  const { green, yellow, red } = createColors(process.stdout.isTTY && process.env.NO_COLOR === undefined);
  const marks = {
    ok: green("ok      "),
    note: yellow("note    "),
    trouble: red("trouble "),
    fatal: red("trouble "),
  };
  return [
    `${marks[state]}${what}`,
    ...(cause === undefined ? [] : [`        cause: ${indent(cause)}`]),
    ...(advice === undefined ? [] : [`        do:    ${indent(advice)}`]),
  ];
}

function indent(text: string): string {
  return text.replaceAll("\n", `\n${" ".repeat(15)}`);
}
