import { writeFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { ConfigError } from "../engine/config/source-file.ts";
import { collect, duration, parseUrl } from "../engine/config/values.ts";
import { EXIT } from "../engine/model/verdict.ts";
import { type ExtraHeader, parseExtraHeader } from "../engine/wire/secrets.ts";
import { isQuestion, QUESTIONS, type QuestionId } from "../path/answer.ts";
import { startOrigin } from "../path/origin/origin.ts";
import { TOKEN_PATTERN } from "../path/origin/token.ts";
import { diffPath, diffPathLines, hopLines, loadPathReport } from "../path/report/compare.ts";
import { jsonPath, junitPath, markdownPath, tapPath } from "../path/report/machine.ts";
import { prettyPath } from "../path/report/pretty.ts";
import { type PathOptions, type PathReport, runPath } from "../path/run-path.ts";
import { withCauses } from "../path/through/causes.ts";
import { startProxy } from "../path/through/start-proxy.ts";
import { asUsage, onInterrupt } from "./process.ts";

interface PathFlags {
  readonly token?: string;
  readonly idle: number;
  readonly stream?: number;
  readonly only?: readonly QuestionId[];
  readonly proof?: boolean;
  readonly insecure?: boolean;
  readonly header?: readonly string[];
  readonly through?: string;
  readonly at?: string;
  readonly inner?: string;
  readonly outer?: string;
  readonly reporter: readonly Request[];
}

/** `path <url>`: measure what lies between the origin and its readers. */
export function pathCommand(): Command {
  const command = new Command("path")
    .description(
      "measure what the proxies between a server and its readers do to polls, long polls and streams",
    )
    .argument("[url]", "where readers reach the origin (see `origin`)")
    .option("--token <token>", "the token that the origin printed; also TIDEMARK_PATH_TOKEN")
    .option("--through <file>", "start the proxy of this configuration between both ends, on this machine")
    .option(
      "--at <path>",
      "with --through: the path that the proxy forwards (default: from the configuration)",
    )
    .option("--idle <time>", "the longest silence to ask for; a run takes a little longer", duration, 35_000)
    .option(
      "--stream <time>",
      "how long the stream with heartbeats lasts, for example 5m (default: as --idle)",
      duration,
    )
    .option("--only <names>", "ask only these questions, for example stream,idle", parseQuestions)
    .option("--proof", "print what was seen for each answer")
    .option(
      "--inner <url>",
      "an address nearer to the origin, with --outer: shows at which hop a problem occurs",
      parseUrl,
    )
    .option("--outer <url>", "the address of the readers, with --inner", parseUrl)
    .option("--header <field>", "sent with every request, repeatable: 'Name: env:VARIABLE'", collect)
    .option("--insecure", "accept any certificate")
    .option("--reporter <list>", "pretty, json=<file>, junit=<file>, tap=<file>, md=<file>", parseRequests, [
      { name: "pretty" },
    ])
    .addHelpText(
      "after",
      `\nQuestions: ${Object.keys(QUESTIONS).join(", ")}\nExit: 0 fit for streams, 1 fit for less, 2 usage error, 3 no answer`,
    );
  command.addCommand(pathDiffCommand());
  return command.action(async (url: string | undefined, flags: PathFlags) => {
    const reports = await asUsage(command, () => measure(url, flags));
    await asUsage(command, async () => write(reports, flags));
    process.exitCode = Math.max(...reports.map(({ verdict }) => verdict.exitCode));
  });
}

/** @throws {ConfigError} for a missing URL or token, or a configuration that cannot be started */
async function measure(url: string | undefined, flags: PathFlags): Promise<readonly PathReport[]> {
  const { through, at } = flags;
  if (through === undefined)
    return Promise.all(targetsOf(url, flags).map((base) => runPath(optionsOf(base, flags, tokenOf(flags)))));
  if (url !== undefined) throw new ConfigError("--through needs no URL: both ends run on this machine");
  const { signal, off } = onInterrupt();
  const origin = await startOrigin();
  try {
    const proxy = await startProxy(through, origin.port);
    // The proxy is a process of its own: it must not outlive an interrupted run.
    const interrupt = (): void => void proxy.close().finally(() => process.exit(EXIT.noVerdict));
    if (signal.aborted) interrupt();
    signal.addEventListener("abort", interrupt, { once: true });
    try {
      const base = at === undefined ? proxy.base : new URL(at, proxy.base);
      const { software, text } = proxy;
      const options = { ...optionsOf(base, flags, origin.token), insecure: true, software: [software] };
      return [withCauses(await runPath(options), { file: through, text, software })];
    } finally {
      await proxy.close();
    }
  } finally {
    off();
    await origin.close();
  }
}

function parseQuestions(text: string): readonly QuestionId[] {
  return text.split(",").map((name) => {
    if (!isQuestion(name))
      throw new InvalidArgumentError(`unknown question ${name}; known: ${Object.keys(QUESTIONS).join(", ")}`);
    return name;
  });
}

/** @throws {ConfigError} for a missing URL or token */
function targetsOf(url: string | undefined, flags: PathFlags): readonly URL[] {
  const { inner, outer } = flags;
  if ((inner === undefined) !== (outer === undefined))
    throw new ConfigError("--inner and --outer belong together");
  const texts = inner !== undefined && outer !== undefined ? [inner, outer] : url === undefined ? [] : [url];
  if (texts.length === 0) throw new ConfigError("no URL given; `origin` prints the whole command");
  return texts.map((text) => {
    if (!/^https?:\/\//.test(text) || !URL.canParse(text))
      throw new ConfigError(`${text} is not an http or https URL`);
    return new URL(text);
  });
}

/** The token of the origin. @throws {ConfigError} if none was given, or an invalid one */
function tokenOf(flags: PathFlags): string {
  const token = flags.token ?? process.env.TIDEMARK_PATH_TOKEN ?? "";
  if (!TOKEN_PATTERN.test(token))
    throw new ConfigError("no token given; `origin` prints it: --token <token>, or TIDEMARK_PATH_TOKEN");
  return token;
}

function optionsOf(base: URL, flags: PathFlags, token: string): PathOptions {
  const { idle, stream, only, insecure = false, header = [] } = flags;
  const extra = header.map(parseHeader);
  return {
    base,
    token,
    insecure,
    idleMs: idle,
    headers: Object.fromEntries(extra.map(({ name, value }) => [name, value])),
    ...(stream === undefined ? {} : { streamMs: stream }),
    ...(only === undefined ? {} : { only }),
  };
}

/** @throws {ConfigError} for a line that is not a field, or names a variable that is not set */
function parseHeader(line: string): ExtraHeader {
  try {
    return parseExtraHeader(line, process.env);
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}

interface Request {
  readonly name: string;
  readonly file?: string;
}

const FORMS: Readonly<Record<string, (report: PathReport, proof: boolean) => string>> = {
  pretty: (report, proof) =>
    prettyPath(report, { proof, color: process.stdout.isTTY && process.env.NO_COLOR === undefined }),
  json: jsonPath,
  junit: junitPath,
  tap: tapPath,
  md: markdownPath,
};

function parseRequests(text: string): readonly Request[] {
  const requests = text.split(",").map((part) => {
    const [name = "", file] = part.split("=", 2);
    if (!(name in FORMS))
      throw new InvalidArgumentError(`unknown reporter ${name}; known: ${Object.keys(FORMS).join(", ")}`);
    return { name, ...(file === undefined ? {} : { file }) };
  });
  if (requests.filter(({ file }) => file === undefined).length > 1)
    throw new InvalidArgumentError(
      "only one reporter can write to standard output; give the others a file: junit=out.xml",
    );
  return requests;
}

/** Write the reports; of two addresses, files get the outer one. @throws {ConfigError} for a file that cannot be written */
function write(reports: readonly PathReport[], { reporter, proof = false }: PathFlags): void {
  const [inner, outer] = reports;
  const last = outer ?? inner;
  for (const { name, file } of reporter) {
    const form = FORMS[name];
    if (!form || !last) continue;
    if (file === undefined)
      process.stdout.write(
        (name === "pretty" ? reports : [last]).map((report) => form(report, proof)).join("\n"),
      );
    else writeReport(file, form(last, proof));
  }
  if (inner && outer && reporter.some(({ name }) => name === "pretty"))
    process.stdout.write(`\n${hopLines(inner, outer).join("\n")}`);
}

function writeReport(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new ConfigError(`cannot write the report: ${error instanceof Error ? error.message : error}`);
  }
}

/** `path diff <before> <after>`: what changed; exit 1 if something got worse. */
function pathDiffCommand(): Command {
  const command = new Command("diff")
    .description("show what changed between two JSON reports of path; exit 1 if something got worse")
    .argument("<before>", "the earlier report")
    .argument("<after>", "the later report");
  return command.action(async (before: string, after: string) => {
    const changes = await asUsage(command, async () =>
      diffPath(loadPathReport(before), loadPathReport(after)),
    );
    process.stdout.write(`${diffPathLines(changes).join("\n")}\n`);
    process.exitCode = changes.some(({ worse }) => worse) ? EXIT.violation : EXIT.ok;
  });
}
