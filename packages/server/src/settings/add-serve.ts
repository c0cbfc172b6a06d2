import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { type ServeFlags, type Started, serveAsWorker, startServing } from "../start-serving.ts";
import { isWorker } from "../workers/slot.ts";
import { printConfig } from "./print-config.ts";
import { resolveSettings, type SettingSources, settingsObject } from "./resolve-settings.ts";
import { ALL_SETTINGS, SETTINGS } from "./serve-settings.ts";
import { flagOf, type Setting } from "./setting.ts";

const CONFIG_VARIABLE = "TIDEMARK_CONFIG";

/** Add `tidemark serve`. `started` is called with the server that it runs, but not in a worker process. */
export function addServe(command: Command, started: (what: Started) => void): void {
  const serve = command
    .command("serve")
    .description("Serve channels until SIGINT or SIGTERM")
    .option("-c, --config <file>", `file of settings (YAML or JSON), for example "port: 8080"`)
    .option("--print-config", "print all settings, and where each was set; then exit")
    .addHelpText(
      "after",
      "\nEach option can also be set by a variable (--retain-age: TIDEMARK_RETAIN_AGE), or in the file.",
    );
  for (const setting of ALL_SETTINGS) addFlag(serve, setting);
  serve.action(async (flags: Flags) => {
    if (isWorker()) return serveAsWorker();
    const resolved = resolveSettings(ALL_SETTINGS, sourcesOf(flags));
    if (flags.printConfig) process.stdout.write(printConfig(SETTINGS, resolved));
    else started(await startServing(settingsObject(resolved) as unknown as ServeFlags));
  });
}

/** The flags as commander reads them: texts, lists of texts, true and false. */
interface Flags extends Readonly<Record<string, unknown>> {
  readonly config?: string;
  readonly printConfig?: true;
}

function addFlag(serve: Command, setting: Setting): void {
  const { name, kind, help, preset, otherwise } = setting;
  const fallback = otherwise ?? preset;
  serve.option(flagOf(setting), fallback === undefined ? help : `${help} (default: ${fallback})`);
  if (kind.placeholder === undefined) serve.addOption(new Option(`--no-${name}`).hideHelp());
}

function sourcesOf({ config = process.env[CONFIG_VARIABLE], ...flags }: Flags): SettingSources {
  return { flags, env: process.env, file: config === undefined ? undefined : fileOf(config) };
}

function fileOf(name: string): SettingSources["file"] {
  try {
    return { name, text: readFileSync(name, "utf8") };
  } catch (error) {
    throw new Error(
      `The file of settings cannot be read: ${error instanceof Error ? error.message : error}`,
      {
        cause: error,
      },
    );
  }
}
