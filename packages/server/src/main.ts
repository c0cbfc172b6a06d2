#!/usr/bin/env node
import { createCommand } from "./command.ts";
import { explain } from "./explain.ts";
import { notifySystemd } from "./notify-systemd.ts";
import type { Started } from "./start-serving.ts";

/** The exit codes that shells use for a process ended by a signal: 128 plus the signal's number. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/** The first signal drains, the second exits at once. */
function drainOnSignal({ server, drainMs, keeps, access, management, logger }: Started): void {
  let draining = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (draining) process.exit(SIGNALS[signal]);
      draining = true;
      notifySystemd("--stopping", logger.error);
      logger.info(`${signal}: draining connections; send it again to exit at once`);
      server.close({ windowMs: drainMs }).then(() => process.exit(0), fail);
    });
  }
  if (access.warning) logger.warn(access.warning);
  const managed = management === undefined ? [] : [`metrics and health checks on ${management}`];
  const lines = [`listening on ${server.url}`, keeps, ...access.lines, ...managed];
  notifySystemd("--ready", logger.error);
  logger.started(lines, { url: server.url, ...(management !== undefined && { management }) });
}

function fail(error: unknown): void {
  console.error(`tidemark: ${explain(error)}`);
  process.exit(1);
}

createCommand(drainOnSignal).parseAsync().catch(fail);
