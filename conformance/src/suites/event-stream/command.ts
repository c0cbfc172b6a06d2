import { readFileSync } from "node:fs";
import { type Command, InvalidArgumentError, Option } from "commander";
import { ConfigError } from "../../engine/config/source-file.ts";
import { asArgument, collect, defined, duration, parseUrl } from "../../engine/config/values.ts";
import type { Plan, SuiteCommand } from "../../engine/run/suite-command.ts";
import { type ExtraHeader, parseExtraHeader } from "../../engine/wire/secrets.ts";
import { exampleStreamConfig } from "./config/example.ts";
import { loadStreamConfig, streamOptionsFrom } from "./config/load.ts";
import type { Need, StreamContext } from "./context.ts";
import type { EventStreamOptions, Promises } from "./options.ts";
import { parsePublish } from "./publish-flag.ts";
import { eventStreamSuite } from "./suite.ts";

/** The flags that name the stream. */
interface StreamFlags {
  readonly config?: string;
  readonly updateBaseline?: boolean;
  readonly header?: readonly ExtraHeader[];
  readonly insecure?: boolean;
  readonly method?: string;
  readonly json?: string;
  readonly resumeUrl?: string;
  readonly observe?: number;
  readonly thorough?: boolean;
  readonly promise?: readonly string[];
  readonly vocabulary?: string;
  readonly publish?: string;
  readonly publishHeader?: readonly ExtraHeader[];
  readonly payload?: "json" | "text";
}

/** `sse [url]`: run the suite against an event stream. */
export const eventStreamCommand: SuiteCommand<EventStreamOptions, StreamContext, Need> = {
  suite: eventStreamSuite,
  description: "test any text/event-stream endpoint: nothing but its URL is needed",
  declareTarget,
  plan: ([url], flags) => planOf(url, flags as StreamFlags),
  example: exampleStreamConfig,
};

function declareTarget(command: Command): void {
  command
    .argument("[url]", "the URL of the stream", parseUrl)
    .option("-c, --config <file>", "a configuration in YAML or JSON; flags take precedence")
    .option(
      "--header <line>",
      "send with every request: 'Authorization: env:TOKEN' (repeatable)",
      collectHeader,
    )
    .option("--insecure", "accept any certificate")
    .option("--method <name>", "open the stream by this method (default: GET, POST with a body)", parseMethod)
    .option("--json <text>", "the body of that request: JSON, or @file")
    .option(
      "--resume-url <url>",
      "where to request a single reader's stream again; {id} stands for the last id",
    )
    .option(
      "--publish <how>",
      "how to publish: 'POST https://…/publish {payload}', 'exec: command' or 'module: file'",
    )
    .option("--publish-header <line>", "send with each publish (repeatable)", collectHeader)
    .addOption(
      new Option("--payload <kind>", "what a publish takes (default: json)").choices(["json", "text"]),
    )
    .option(
      "--observe <time>",
      "watch for this long: 60s (default: 18s, up to 32s if few events come)",
      duration,
    )
    .option("--thorough", "also open twelve readers and a slow one, and ask by HTTP/1.0 and HTTP/2")
    .option(
      "--promise <name=value>",
      "what the server promises: resume=exact, ids=unique, … (repeatable)",
      collect,
    )
    .addOption(
      new Option("--vocabulary <name>", "the meaning of the events: openai-chat, mcp, … (default: guessed)"),
    );
}

const PROMISES: Readonly<Record<keyof Promises, string>> = {
  resume: "exact",
  ids: "unique",
  isolation: "session",
  restart: "safe",
  end: "terminal",
};

/** @throws {ConfigError} for a promise that does not exist */
function promisesOf(texts: readonly string[]): Promises {
  const pairs = texts.map((text) => {
    const [name = "", value] = text.split("=", 2);
    if (PROMISES[name as keyof Promises] !== value || value === undefined) {
      const known = Object.entries(PROMISES).map((pair) => pair.join("="));
      throw new ConfigError(`unknown promise ${JSON.stringify(text)}; known: ${known.join(", ")}`);
    }
    return [name, value];
  });
  return Object.fromEntries(pairs);
}

async function planOf(url: string | undefined, flags: StreamFlags): Promise<Plan<EventStreamOptions>> {
  const loaded = flags.config === undefined ? undefined : loadStreamConfig(flags.config);
  const file = loaded && (await streamOptionsFrom(loaded, { optional: flags.updateBaseline === true }));
  const target = url ?? file?.url;
  if (target === undefined)
    throw new ConfigError("no stream given; pass its URL, or a configuration with -c");
  const { header, insecure, method, json, resumeUrl, observe, thorough, promise = [], vocabulary } = flags;
  const { publish, publishHeader = [], payload } = flags;
  const own = defined<Partial<EventStreamOptions>>({
    headers: withoutDoubles(file?.headers, header),
    insecure,
    method,
    body: json === undefined ? undefined : { text: bodyOf(json), type: "application/json" },
    resumeUrl,
    observeMs: observe,
    thorough,
    promises: { ...file?.promises, ...promisesOf(promise) },
    vocabulary,
    payload,
    driver: publish === undefined ? undefined : await parsePublish(publish, payload ?? "json", publishHeader),
  });
  return {
    options: { ...file, ...own, url: target },
    words: wordsOf(url, flags),
    reporter: loaded?.config.reporter,
    baselineFile: loaded?.baselineFile,
  };
}

/** The header fields of the file, without those that the command line has too. */
function withoutDoubles(
  file: readonly ExtraHeader[] = [],
  given: readonly ExtraHeader[] = [],
): readonly ExtraHeader[] {
  const names = new Set(given.map(({ name }) => name.toLowerCase()));
  return [...file.filter(({ name }) => !names.has(name.toLowerCase())), ...given];
}

/** @throws {ConfigError} for a file that cannot be read, or a text that is not JSON */
function bodyOf(json: string): string {
  try {
    const text = json.startsWith("@") ? readFileSync(json.slice(1), "utf8") : json;
    JSON.parse(text);
    return text;
  } catch (error) {
    throw new ConfigError(`--json: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The arguments that name the target and how to reach it. Secrets are named by their variables, never written out. */
function wordsOf(url: string | undefined, flags: StreamFlags): string[] {
  const pair = (name: string, value: string | undefined): string[] =>
    value === undefined ? [] : [name, value];
  return [
    ...(url === undefined ? [] : [url.replace(/\/\/[^/@]*@/, "//")]),
    ...pair("--config", flags.config),
    ...(flags.header ?? []).flatMap((header) => ["--header", headerArgument(header)]),
    ...(flags.insecure ? ["--insecure"] : []),
    ...pair("--method", flags.method),
    ...pair("--json", flags.json),
    ...pair("--resume-url", flags.resumeUrl),
    ...pair("--publish", flags.publish),
    ...(flags.publishHeader ?? []).flatMap((header) => ["--publish-header", headerArgument(header)]),
    ...pair("--payload", flags.payload),
    ...pair("--observe", flags.observe === undefined ? undefined : `${flags.observe}ms`),
    ...(flags.thorough ? ["--thorough"] : []),
    ...(flags.promise ?? []).flatMap((text) => ["--promise", text]),
    ...pair("--vocabulary", flags.vocabulary),
  ];
}

function headerArgument({ name, value, variable, secrets }: ExtraHeader): string {
  const [secret] = secrets;
  return `${name}: ${secret === undefined ? value : value.replace(secret, `env:${variable ?? "SECRET"}`)}`;
}

function collectHeader(line: string, before: readonly ExtraHeader[] | undefined): readonly ExtraHeader[] {
  return [...(before ?? []), asArgument(() => parseExtraHeader(line, process.env))];
}

function parseMethod(text: string): string {
  if (!/^[A-Z]+$/.test(text)) throw new InvalidArgumentError("not a method such as GET or POST");
  return text;
}
