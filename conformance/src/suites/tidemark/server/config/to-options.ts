import { loadBaseline } from "../../../../engine/baseline/load-baseline.ts";
import { headersOf } from "../../../../engine/config/headers.ts";
import { defined, parseDuration } from "../../../../engine/config/values.ts";
import { preparation } from "../../../../engine/run/preparation.ts";
import type { ServerOptions } from "../options.ts";
import type { Config } from "./config.ts";
import type { LoadedConfig } from "./load-config.ts";
import { controlFrom, driverFrom } from "./to-driver.ts";

/** The options of a configuration. @throws {ConfigError} when a file or variable that it names is missing */
export async function optionsFrom(
  loaded: LoadedConfig,
  baseline: { readonly optional?: boolean } = {},
): Promise<ServerOptions> {
  const { config, baselineFile } = loaded;
  const { target } = config;
  return defined({
    url: target.url,
    headers: headersOf(loaded, ["target", "headers"], target.headers),
    identity: target.identity,
    insecure: target.insecure,
    prepare: preparation(target, loaded.folder),
    mechanisms: mechanismsOf(config),
    limits: limitsOf(config),
    driver: await driverFrom(loaded),
    control: controlFrom(loaded),
    baseline: baselineFile === undefined ? undefined : loadBaseline(baselineFile, baseline),
    allow: config.allow,
    channels: config.channels,
    run: config.run,
    skip: config.skip,
    requirements: config.requirement,
    strict: config.strict,
    requireComplete: config["require-complete"],
    jobs: config.jobs,
    seed: config.seed,
    budgetMs: config.budget === undefined ? undefined : parseDuration(config.budget),
  });
}

function mechanismsOf({ mechanisms = {} }: Config): ServerOptions["mechanisms"] {
  return defined({ poll: mechanisms.polling, "long-poll": mechanisms["long-polling"], sse: mechanisms.sse });
}

function limitsOf({ limits = {} }: Config): ServerOptions["limits"] {
  const seconds = (text: string | undefined): number | undefined => {
    const ms = text === undefined ? undefined : parseDuration(text);
    return ms === undefined ? undefined : Math.max(1, Math.floor(ms / 1_000));
  };
  return defined({ waitS: seconds(limits.wait), heartbeatS: seconds(limits.heartbeat) });
}
