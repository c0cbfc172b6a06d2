import type { Control, Fault } from "./control.ts";
import { type CommandTemplate, channelVariables, execute } from "./exec-driver.ts";

/** A command for each fault that can be provoked. */
export type ControlCommands = Readonly<Partial<Record<Fault, CommandTemplate>>>;

/**
 * Provokes faults by commands. They find `TIDEMARK_CHANNEL` and `TIDEMARK_URL` in their environment, and
 * `TIDEMARK_KEEP` (trim), `TIDEMARK_HOW` (drop) or `TIDEMARK_DENIAL` (deny).
 */
export function execControl(commands: ControlCommands): Control {
  const { trim, drop, restart, deny } = commands;
  return {
    name: "exec",
    ...(trim && {
      trim: async (channel, keep, context) =>
        void (await execute(trim, { ...channelVariables(channel), TIDEMARK_KEEP: String(keep) }, context)),
    }),
    ...(drop && {
      drop: async (channel, how, context) =>
        void (await execute(drop, { ...channelVariables(channel), TIDEMARK_HOW: how }, context)),
    }),
    ...(restart && { restart: async (context) => void (await execute(restart, {}, context)) }),
    ...(deny && {
      deny: async (channel, denial, context) =>
        void (await execute(deny, { ...channelVariables(channel), TIDEMARK_DENIAL: denial }, context)),
    }),
  };
}

/** Combine two controls; for each fault, the first one that offers it is used. */
export function eitherControl(first: Control, second: Control): Control {
  return { ...second, ...first, secrets: [...(first.secrets ?? []), ...(second.secrets ?? [])] };
}
