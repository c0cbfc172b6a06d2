import { resolve } from "node:path";
import { ConfigError } from "../../engine/config/source-file.ts";
import { driverOf } from "../../engine/drive/actions.ts";
import type { Driver } from "../../engine/drive/driver.ts";
import type { HttpTemplate } from "../../engine/drive/http-driver.ts";
import { loadDriver, ModuleDriverError } from "../../engine/drive/module-driver.ts";
import type { ExtraHeader } from "../../engine/wire/secrets.ts";

/** How a flag says that: `POST http://…/publish {payload}`, `exec: ./publish.sh` or `module: ./driver.mjs`. */
export async function parsePublish(
  text: string,
  payload: "json" | "text",
  headers: readonly ExtraHeader[],
): Promise<Driver> {
  const command = /^exec:\s*(.+)$/s.exec(text)?.[1];
  if (command !== undefined)
    return driverOf({ publish: { by: "exec", template: { command, cwd: process.cwd() } } });
  const path = /^module:\s*(.+)$/s.exec(text)?.[1];
  if (path !== undefined) return moduleDriver(path);
  return driverOf({ publish: { by: "http", template: { ...httpTemplate(text, payload), headers } } });
}

async function moduleDriver(path: string): Promise<Driver> {
  try {
    return driverOf({ publish: { by: "module", driver: await loadDriver(resolve(path)) } });
  } catch (error) {
    if (error instanceof ModuleDriverError) throw new ConfigError(`--publish: ${error.message}`);
    throw error;
  }
}

function httpTemplate(text: string, payload: "json" | "text"): HttpTemplate {
  const [, method = "POST", url, body = "{payload}"] =
    /^(?:([A-Z]+)\s+)?(https?:\/\/\S+)(?:\s+(.+))?$/s.exec(text) ?? [];
  if (url === undefined)
    throw new ConfigError(
      "--publish: write 'POST https://…/publish {payload}', 'exec: command' or 'module: file'",
    );
  if (url.includes("{payload}") && body === "{payload}") return { method, url };
  if (body === "{payload}") return payload === "json" ? { method, url, json: body } : { method, url, body };
  const json = parsed(body);
  return json === undefined ? { method, url, body } : { method, url, json };
}

/** The template as JSON; undefined if it is not JSON. A `{payload}` without quotes counts as one with quotes. */
function parsed(template: string): unknown {
  try {
    return JSON.parse(template.replace(/(?<!["\w])\{payload\}(?!["\w])/g, '"{payload}"'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
