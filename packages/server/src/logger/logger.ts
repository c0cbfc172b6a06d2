import { createRequire } from "node:module";
import type { pino } from "pino";
import type { AccessEntry } from "./access-log.ts";
import { accessLine } from "./access-log.ts";

/** Diagnostics of the command, for people or for programs. */
export interface Logger {
  /** What an operator has to know at the start. Printed whatever the level is. */
  started(lines: readonly string[], fields: Readonly<Record<string, unknown>>): void;
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
  /** A request has ended. */
  access(entry: AccessEntry): void;
}

export const LEVELS = ["error", "warn", "info"] as const;
export type Level = (typeof LEVELS)[number];

/** Lines of text: the start and requests on stdout, everything else on stderr. */
export function textLogger(level: Level): Logger {
  const rank = LEVELS.indexOf(level);
  const write = (of: Level, text: string): void => {
    if (LEVELS.indexOf(of) <= rank) console.error(text);
  };
  return {
    started: (lines) => console.log(lines.join("\n")),
    info: (text) => write("info", text),
    warn: (text) => write("warn", `tidemark: warning: ${text}`),
    error: (text) => write("error", /^tidemark: /.test(text) ? text : `tidemark: ${text}`),
    access: (entry) => console.log(accessLine(entry)),
  };
}

/** One JSON object per line on stdout, by pino. */
export function jsonLogger(level: Level): Logger {
  const create = createRequire(import.meta.url)("pino") as typeof pino;
  const logger = create(
    { name: "tidemark", level, base: { pid: process.pid } },
    create.destination({ fd: 1, sync: true }),
  );
  const always = logger.child({}, { level: "info" });
  return {
    started: (lines, fields) => always.info(fields, lines.join("; ")),
    info: (text) => logger.info(text),
    warn: (text) => logger.warn(text),
    error: (text) => logger.error(text.replace(/^tidemark: /, "")),
    access: (entry) => always.info({ access: entry }, `${entry.method} ${entry.path}`),
  };
}
