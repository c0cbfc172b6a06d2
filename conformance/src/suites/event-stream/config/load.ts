import { resolve } from "node:path";
import { loadBaseline } from "../../../engine/baseline/load-baseline.ts";
import { headersOf } from "../../../engine/config/headers.ts";
import { type LoadedFile, loadFile } from "../../../engine/config/load-file.ts";
import { ConfigError } from "../../../engine/config/source-file.ts";
import { defined, parseDuration } from "../../../engine/config/values.ts";
import { type DriverAction, driverOf } from "../../../engine/drive/actions.ts";
import type { Driver } from "../../../engine/drive/driver.ts";
import { execControl } from "../../../engine/drive/exec-control.ts";
import { loadDriver, ModuleDriverError } from "../../../engine/drive/module-driver.ts";
import { preparation } from "../../../engine/run/preparation.ts";
import type { ExtraHeader } from "../../../engine/wire/secrets.ts";
import { validateStreamConfig } from "../../../generated/validate.js";
import type { EventStreamOptions } from "../options.ts";
import type { SetupStep } from "../setup.ts";
import type { PublishConfig, SetupConfig, StreamConfig } from "./config.ts";

/** A configuration of this suite, and the file that it came from. */
export type LoadedStreamConfig = LoadedFile<StreamConfig>;

/** Read a configuration in YAML or JSON. @throws {ConfigError} with one line, and a place, for each fault */
export function loadStreamConfig(path: string): LoadedStreamConfig {
  return loadFile(path, validateStreamConfig);
}

/** The options of a configuration. @throws {ConfigError} when a file or variable that it names is missing */
export async function streamOptionsFrom(
  loaded: LoadedStreamConfig,
  baseline: { readonly optional?: boolean } = {},
): Promise<EventStreamOptions> {
  const { config, folder, baselineFile } = loaded;
  const { target } = config;
  return defined<EventStreamOptions>({
    url: target.url,
    headers: [...plainFields(target.fields), ...headersOf(loaded, ["target", "headers"], target.headers)],
    insecure: target.insecure,
    method: target.method,
    body: target.json === undefined ? undefined : jsonBody(target.json),
    resumeUrl: target["resume-url"],
    identity: target.identity,
    prepare: preparation(target, folder),
    setup: config.setup?.map((step, index) => setupStep(loaded, step, index)),
    driver: config.publish && (await driverFrom(loaded, config.publish)),
    payload: config.payload,
    promises: config.promises,
    vocabulary: config.vocabulary,
    observeMs: config.observe === undefined ? undefined : parseDuration(config.observe),
    thorough: config.thorough,
    control: config.restart && execControl({ restart: { command: config.restart.command, cwd: folder } }),
    baseline: baselineFile === undefined ? undefined : loadBaseline(baselineFile, baseline),
    run: config.run,
    skip: config.skip,
    strict: config.strict,
    requirements: undefined,
    requireComplete: undefined,
    jobs: undefined,
    seed: undefined,
    budgetMs: undefined,
    invocation: undefined,
    signal: undefined,
  });
}

function plainFields(fields: Readonly<Record<string, string>> = {}): ExtraHeader[] {
  return Object.entries(fields).map(([name, value]) => ({ name, value, secrets: [] }));
}

function jsonBody(json: unknown): { readonly text: string; readonly type: string } {
  return { text: JSON.stringify(json), type: "application/json" };
}

function setupStep(loaded: LoadedStreamConfig, step: SetupConfig, index: number): SetupStep {
  const { method, url, fields, headers, json, take } = step;
  return defined<SetupStep>({
    method,
    url,
    headers: [...plainFields(fields), ...headersOf(loaded, ["setup", String(index), "headers"], headers)],
    body: json === undefined ? undefined : jsonBody(json),
    take,
  });
}

async function driverFrom(loaded: LoadedStreamConfig, publish: PublishConfig): Promise<Driver> {
  return driverOf({ publish: await actionOf(loaded, publish) });
}

async function actionOf(
  loaded: LoadedStreamConfig,
  { http, exec, module }: PublishConfig,
): Promise<DriverAction> {
  const { folder, file } = loaded;
  if (http) {
    const headers = headersOf(loaded, ["publish", "http", "headers"], http.headers);
    return { by: "http", template: { ...http, headers } };
  }
  if (exec) return { by: "exec", template: { command: exec.command, cwd: folder } };
  try {
    return { by: "module", driver: await loadDriver(resolve(folder, module ?? "")) };
  } catch (error) {
    if (!(error instanceof ModuleDriverError)) throw error;
    throw new ConfigError(`${file.place(["publish", "module"])}: publish.module: ${error.message}`);
  }
}
