import { createRequire } from "node:module";
import { Command, InvalidArgumentError } from "commander";
import { addCheck } from "./check/add-check.ts";
import { addCopy } from "./copy/add-copy.ts";
import { addPlayground } from "./playground/add-playground.ts";
import { addServe } from "./settings/add-serve.ts";
import type { Started } from "./start-serving.ts";
import { addKey } from "./tokens/add-key.ts";

const { version } = createRequire(import.meta.url)("../package.json") as { version: string };

/** The `tidemark` command. `started` is called with the server that `serve` runs, but not in a worker process. */
export function createCommand(started: (what: Started) => void): Command {
  const command = new Command("tidemark")
    .description(
      "Channels of messages with cursors over plain HTTP: polling, long polling, Server-Sent Events",
    )
    .version(version)
    .showHelpAfterError("(--help lists the commands and options)");
  addServe(command, started);
  addCopy(command);
  addCheck(command);
  addKey(command);
  addPlayground(command, between);
  return command;
}

/** Create a parser for whole numbers within bounds. */
function between(least: number, most: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    const bounds = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`Expected a whole number ${bounds}.`);
  };
}
