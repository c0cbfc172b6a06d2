import { runCommand } from "../process/command.ts";
import type { Channel } from "../run/target.ts";
import { type Draft, type DriverContext, DriverError } from "./driver.ts";

/** A command of the user's, run in a shell. */
export interface CommandTemplate {
  readonly command: string;
  readonly cwd: string;
  /** @defaultValue 10_000 */
  readonly timeoutMs?: number;
}

/** Run the command with one message a line on its standard input: `{"event"?, "data"}`. @throws {DriverError} when it fails */
export async function publishByCommand(
  template: CommandTemplate,
  channel: Channel,
  drafts: readonly Draft[],
  context: DriverContext,
): Promise<void> {
  const lines = drafts.map(({ event, json }) =>
    event === undefined ? `{"data":${json}}\n` : `{"event":${JSON.stringify(event)},"data":${json}}\n`,
  );
  await execute(template, channelVariables(channel), context, lines.join(""));
}

/** What a command finds in its environment about the channel. */
export function channelVariables(channel: Channel): Readonly<Record<string, string>> {
  return { TIDEMARK_CHANNEL: channel.name, TIDEMARK_URL: channel.url };
}

/** Run a command and resolve with its output. @throws {DriverError} when it does not end with 0 in time */
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
