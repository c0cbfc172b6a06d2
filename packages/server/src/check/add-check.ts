import type { CheckReport } from "@tidemark/log";
import type { Command } from "commander";
import { explain } from "../explain.ts";
import { DEFAULT_LOG, findLog } from "../logs/open-log.ts";

const CLEAR_LINE = "\r\u001b[2K";
/** The check itself failed: there is no log, it is in use, or there is no room for the new file. */
const NOT_CHECKED = 2;
/** The most lines of damage that are printed; `--json` prints all. */
const MAX_LINES = 50;

/** The options of `tidemark check`. */
export interface CheckFlags {
  readonly repair?: true;
  readonly json?: true;
}

const HELP = `
Stop the server that uses the directory first. Without --repair nothing is changed. With it, the damaged file is kept
beside the new one, as damaged-<time>.mdb. Channels that lost nothing keep their cursors; in channels that lost
messages every old cursor becomes a gap.

Exit codes: 0 the log is intact, or was repaired; 1 it is damaged; 2 it could not be checked.`;

/** Add `tidemark check` to the command. */
export function addCheck(command: Command): void {
  command
    .command("check")
    .description("Read a whole log on disk and report what is damaged")
    .argument("<log>", "log, as in `serve --log`, or only the directory of a log on disk")
    .option("--repair", "if the log is damaged, copy the intact part into a new file")
    .option("--json", "print the report as JSON")
    .addHelpText("after", HELP)
    .action(run);
}

async function run(log: string, flags: CheckFlags): Promise<void> {
  try {
    const { check } = await findLog(nameOf(log));
    if (check === undefined) throw new Error(`${log} cannot be checked: its package exports no checkLog`);
    const report = await check({ repair: flags.repair === true, onProgress: progress });
    progress(0, 0);
    console.log(flags.json ? JSON.stringify(report, undefined, 2) : textOf(report, log).join("\n"));
    process.exitCode = isIntact(report) || report.repaired ? 0 : 1;
  } catch (error) {
    progress(0, 0);
    console.error(`tidemark: ${explain(error)}`);
    process.exitCode = NOT_CHECKED;
  }
}

/** The name of a log: a text without a scheme is the directory of a log of the default kind. */
function nameOf(text: string): string {
  const isNamed = /^(?:[a-z][a-z0-9.+-]+|@[\w.-]+\/[\w.-]+|\.{0,2}\/.*\.[cm]?js):/.test(text);
  return isNamed ? text : `${DEFAULT_LOG.split(":", 1)[0]}:${text}`;
}

/** Show the progress in one line that is overwritten, on a terminal only. */
function progress(done: number, total: number): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(total === 0 ? CLEAR_LINE : `${CLEAR_LINE}${done} of about ${total} pages`);
}

function isIntact({ damage, missing }: CheckReport): boolean {
  return damage.length + missing.length === 0;
}

function textOf(report: CheckReport, log: string): string[] {
  const { file, bytes, channels, messages, damage, missing, repaired } = report;
  const found = `${file}: ${bytes} bytes, ${channels} channels, ${messages} messages can be read`;
  if (isIntact(report)) return [found, "Nothing is damaged."];
  const lines = [
    found,
    ...damage.slice(0, MAX_LINES).map((each) => `page ${each.page} (${each.table}): ${each.fault}`),
  ];
  if (damage.length > MAX_LINES) lines.push(`… and ${damage.length - MAX_LINES} more (--json lists all)`);
  for (const each of missing.slice(0, MAX_LINES))
    lines.push(`${each.channel}: ${each.messages} messages are missing`);
  if (!repaired) return [...lines, `DAMAGED. To keep what is intact: tidemark check --repair ${log}`];
  return [
    ...lines,
    `REPAIRED: ${repaired.channels} channels and ${repaired.messages} messages are kept in ${file}`,
    `channels that lost messages and have a new epoch: ${repaired.begunAnew.join(", ") || "none"}`,
    `the damaged file is kept as ${repaired.damagedFile}`,
  ];
}
