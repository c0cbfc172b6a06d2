import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import { ConfigError } from "../../engine/config/source-file.ts";
import { asArgument, collect, defined, duration, parseUrl } from "../../engine/config/values.ts";
import { execControl } from "../../engine/drive/exec-control.ts";
import { httpControl } from "../../engine/drive/http-control.ts";
import type { Plan, SuiteCommand } from "../../engine/run/suite-command.ts";
import { type ExtraHeader, parseExtraHeader } from "../../engine/wire/secrets.ts";
import { parsePublish } from "../event-stream/publish-flag.ts";
import type { DeliveryContext, Need } from "./context.ts";
import { type DeliveryPromises, MECHANISMS, type Mechanism } from "./dialect/dialect.ts";
import { exampleDialect } from "./dialect/example.ts";
import { isDialectFile, loadDialect } from "./dialect/load.ts";
import type { DeliveryOptions } from "./options.ts";
import { deliverySuite } from "./suite.ts";

/** The flags that name the server. */
interface DeliveryFlags {
  readonly dialect?: string;
  readonly header?: readonly ExtraHeader[];
  readonly insecure?: boolean;
  readonly mechanism?: readonly Mechanism[];
  readonly publish?: string;
  readonly publishHeader?: readonly ExtraHeader[];
  readonly payload?: "json" | "text";
  readonly limit?: number;
  readonly promise?: readonly string[];
  readonly restart?: string;
  readonly control?: string;
}

/** `delivery --dialect <name|file> <url>`: run the suite against a server. */
export const deliveryCommand: SuiteCommand<DeliveryOptions, DeliveryContext, Need> = {
  suite: deliverySuite,
  description: "test any delivery of messages by polling, long polling or SSE, in the server's own dialect",
  declareTarget,
  plan: ([url], flags) => planOf(url, flags as DeliveryFlags),
  example: exampleDialect,
  exampleWords: (file, url = "http://127.0.0.1:3000") =>
    `--dialect ${isDialectFile(file) ? file : `./${file}`} ${url}`,
};

function declareTarget(command: Command): void {
  command
    .argument("[url]", "the server's URL, {base} of the dialect", parseUrl)
    .option("--dialect <name>", "a dialect of this package (see: dialects), or the path of a file")
    .option(
      "--header <line>",
      "send with every request: 'Authorization: env:TOKEN' (repeatable)",
      collectHeader,
    )
    .option("--insecure", "accept any certificate")
    .option("--mechanism <name>", "test only this: poll, long-poll or sse (repeatable)", collectMechanism)
    .option(
      "--publish <how>",
      "instead of the dialect's: 'POST https://…/publish {payload}', 'exec: command' or 'module: file'",
    )
    .option("--publish-header <line>", "send with each publish (repeatable)", collectHeader)
    .addOption(
      new Option("--payload <kind>", "what a publish takes (default: json)").choices(["json", "text"]),
    )
    .option("--limit <time>", "how long the server holds a request: 5s", duration)
    .option(
      "--promise <name=value>",
      "what the server promises, or does not: resume=none (repeatable)",
      collect,
    )
    .option("--restart <command>", "a command that restarts the server")
    .option("--control <url>", "the control interface of the server", parseUrl);
}

const PROMISES: Readonly<Record<keyof DeliveryPromises, readonly string[]>> = {
  delivery: ["every"],
  order: ["one"],
  start: ["oldest"],
  resume: ["exact", "batch", "none"],
  positions: ["shared"],
  restart: ["safe"],
  "unknown-position": ["reported"],
  "lost-history": ["reported"],
  end: ["reported"],
  isolation: ["feed"],
};

/** @throws {ConfigError} for a promise that does not exist */
function promisesOf(texts: readonly string[]): DeliveryPromises {
  const pairs = texts.map((text) => {
    const [name = "", value = ""] = text.split("=", 2);
    if (!PROMISES[name as keyof DeliveryPromises]?.includes(value)) {
      const known = Object.entries(PROMISES).map(([one, values]) => `${one}=${values.join("|")}`);
      throw new ConfigError(`unknown promise ${JSON.stringify(text)}; known: ${known.join(", ")}`);
    }
    return [name, value];
  });
  return Object.fromEntries(pairs);
}

async function planOf(url: string | undefined, flags: DeliveryFlags): Promise<Plan<DeliveryOptions>> {
  if (url === undefined) throw new ConfigError("no server given; pass its URL");
  if (flags.dialect === undefined)
    throw new ConfigError(
      "no dialect given; pass --dialect with a name or a file ('dialects' lists the names)",
    );
  const { header, insecure, mechanism, limit, promise = [], restart, control } = flags;
  const { publish, publishHeader = [] } = flags;
  const dialect = await loadDialect(flags.dialect);
  const payload = flags.payload ?? dialect.dialect.payload;
  const options = defined<DeliveryOptions>({
    url,
    dialect,
    headers: header,
    insecure,
    mechanisms: mechanism,
    payload,
    limitMs: limit,
    promises: promisesOf(promise),
    driver: publish === undefined ? undefined : await parsePublish(publish, payload ?? "json", publishHeader),
    control:
      restart === undefined
        ? control && httpControl(control)
        : execControl({ restart: { command: restart, cwd: process.cwd() } }),
  } as DeliveryOptions);
  return { options, words: wordsOf(url, flags) };
}

/** The arguments that name the target and how to reach it. Secrets are named by their variables, never written out. */
function wordsOf(url: string, flags: DeliveryFlags): string[] {
  const pair = (name: string, value: string | undefined): string[] =>
    value === undefined ? [] : [name, value];
  return [
    url.replace(/\/\/[^/@]*@/, "//"),
    ...pair("--dialect", flags.dialect),
    ...(flags.header ?? []).flatMap((header) => ["--header", headerArgument(header)]),
    ...(flags.insecure ? ["--insecure"] : []),
    ...(flags.mechanism ?? []).flatMap((name) => ["--mechanism", name]),
    ...pair("--publish", flags.publish),
    ...(flags.publishHeader ?? []).flatMap((header) => ["--publish-header", headerArgument(header)]),
    ...pair("--payload", flags.payload),
    ...pair("--limit", flags.limit === undefined ? undefined : `${flags.limit}ms`),
    ...(flags.promise ?? []).flatMap((text) => ["--promise", text]),
    ...pair("--restart", flags.restart),
    ...pair("--control", flags.control),
  ];
}

function headerArgument({ name, value, variable, secrets }: ExtraHeader): string {
  const [secret] = secrets;
  return `${name}: ${secret === undefined ? value : value.replace(secret, `env:${variable ?? "SECRET"}`)}`;
}

function collectHeader(line: string, before: readonly ExtraHeader[] | undefined): readonly ExtraHeader[] {
  return [...(before ?? []), asArgument(() => parseExtraHeader(line, process.env))];
}

function collectMechanism(text: string, before: readonly Mechanism[] | undefined): readonly Mechanism[] {
  const name = MECHANISMS.find((one) => one === text);
  if (name === undefined) throw new InvalidArgumentError(`not one of ${MECHANISMS.join(", ")}`);
  return [...(before ?? []), name];
}
