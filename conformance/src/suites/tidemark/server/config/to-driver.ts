import { resolve } from "node:path";
import { headersOf } from "../../../../engine/config/headers.ts";
import { ConfigError } from "../../../../engine/config/source-file.ts";
import type { ExecAction } from "../../../../engine/config/target-config.ts";
import { parseDuration } from "../../../../engine/config/values.ts";
import { type DriverAction, driverOf } from "../../../../engine/drive/actions.ts";
import type { Control } from "../../../../engine/drive/control.ts";
import type { Driver } from "../../../../engine/drive/driver.ts";
import { eitherControl, execControl } from "../../../../engine/drive/exec-control.ts";
import type { CommandTemplate } from "../../../../engine/drive/exec-driver.ts";
import { httpControl } from "../../../../engine/drive/http-control.ts";
import { loadDriver, ModuleDriverError } from "../../../../engine/drive/module-driver.ts";
import { protocolDriver } from "../protocol-driver.ts";
import type { Action } from "./config.ts";
import type { LoadedConfig } from "./load-config.ts";

/** The driver of a configuration. @throws {ConfigError} when a file or variable that it names is missing */
export async function driverFrom(loaded: LoadedConfig): Promise<Driver | undefined> {
  const { driver } = loaded.config;
  if (!driver) return undefined;
  const { publish, declare, close, remove } = driver;
  return driverOf({
    publish: await actionOf(loaded, "publish", publish),
    ...(declare ? { declare: await actionOf(loaded, "declare", declare) } : {}),
    ...(close ? { close: await actionOf(loaded, "close", close) } : {}),
    ...(remove ? { remove: await actionOf(loaded, "remove", remove) } : {}),
  });
}

async function actionOf(loaded: LoadedConfig, what: string, action: Action): Promise<DriverAction> {
  const { http, exec, module } = action;
  if (http) {
    const headers = headersOf(loaded, ["driver", what, "http", "headers"], http.headers);
    return { by: "http", template: { ...http, headers } };
  }
  if (exec) return { by: "exec", template: commandOf(loaded, exec) };
  if (module === undefined) return { by: "protocol", driver: protocolDriver };
  try {
    return { by: "module", driver: await loadDriver(resolve(loaded.folder, module)) };
  } catch (error) {
    if (!(error instanceof ModuleDriverError)) throw error;
    const place = loaded.file.place(["driver", what, "module"]);
    throw new ConfigError(`${place}: driver.${what}.module: ${error.message}`);
  }
}

function commandOf({ folder }: LoadedConfig, { command, timeout }: ExecAction): CommandTemplate {
  const timeoutMs = timeout === undefined ? undefined : parseDuration(timeout);
  return { command, cwd: folder, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
}

/** The control of a configuration; a command takes precedence over the interface. */
export function controlFrom(loaded: LoadedConfig): Control | undefined {
  const { control } = loaded.config;
  if (!control) return undefined;
  const { url, headers, trim, drop, restart, deny } = control;
  const commands = execControl({
    ...(trim ? { trim: commandOf(loaded, trim) } : {}),
    ...(drop ? { drop: commandOf(loaded, drop) } : {}),
    ...(restart ? { restart: commandOf(loaded, restart) } : {}),
    ...(deny ? { deny: commandOf(loaded, deny) } : {}),
  });
  if (url === undefined) return commands;
  return eitherControl(commands, httpControl(url, headersOf(loaded, ["control", "headers"], headers)));
}
