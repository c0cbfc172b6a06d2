import { runCommand } from "../process/command.ts";
import type { Channel } from "../wire/channel.ts";
import { type Draft, type DriverContext, DriverError } from "./driver.ts";

/** A shell command of the user. */
export interface CommandTemplate {
  readonly command: string;
  readonly cwd: string;
  /** @defaultValue 10_000 */
  readonly timeoutMs?: number;
}

/**
 * Run the command with one message per line on its standard input: `{"event"?, "data"}`; or once for each text, with the
 * text alone. @throws {DriverError} when it fails
 */
export async function publishByCommand(
  template: CommandTemplate,
  channel: Channel,
  drafts: readonly Draft[],
  context: DriverContext,
): Promise<void> {
  for (const { text } of drafts)
    if (text !== undefined) await execute(template, channelVariables(channel), context, text);
  if (drafts.some(({ text }) => text !== undefined)) return;
  const lines = drafts.map(({ event, json }) =>
    event === undefined ? `{"data":${json}}\n` : `{"event":${JSON.stringify(event)},"data":${json}}\n`,
  );
  await execute(template, channelVariables(channel), context, lines.join(""));
}

/** The environment variables that tell a command its channel. */
export function channelVariables(channel: Channel): Readonly<Record<string, string>> {
  return { TIDEMARK_CHANNEL: channel.name, TIDEMARK_URL: channel.url };
}

/** Run a command and resolve to its output. @throws {DriverError} when it does not exit with 0 in time */
export async function execute(
  template: CommandTemplate,
  env: Readonly<Record<string, string>>,
  context: Pick<DriverContext, "signal">,
  input = "",
): Promise<string> {
  const { command, cwd, timeoutMs = 10_000 } = template;
  const result = await runCommand(command, { cwd, env, input, timeoutMs, signal: context.signal });
  context.signal.throwIfAborted();
  if (result.code === 0) return result.stdout;
  const how = result.timedOut
    ? `did not end within ${timeoutMs / 1000} s`
    : `ended with ${result.code ?? "a signal"}`;
  const said = result.stderr === "" ? "" : `: ${result.stderr}`;
  throw new DriverError(`the command ${JSON.stringify(command)} ${how}${said}`);
}
