import { closeSync, openSync } from "node:fs";
import { ConfigError } from "../engine/config/source-file.ts";
import type { Ledger } from "../engine/model/ledger.ts";
import type { Words } from "../engine/model/words.ts";
import { badgeReporter } from "../engine/report/badge.ts";
import { briefReporter } from "../engine/report/brief.ts";
import { htmlReporter } from "../engine/report/html/html.ts";
import { issueReporter } from "../engine/report/issue.ts";
import { jsonReporter } from "../engine/report/json.ts";
import { junitReporter } from "../engine/report/junit.ts";
import { markdownReporter } from "../engine/report/markdown.ts";
import { prettyReporter } from "../engine/report/pretty.ts";
import type { Reporter, Sink } from "../engine/report/reporter.ts";
import { fileSink } from "../engine/report/reporter.ts";
import { tapReporter } from "../engine/report/tap.ts";

/** What the reporters need. */
export interface ReporterContext {
  readonly ledger: Ledger;
  readonly words: Words;
  readonly stdout: Sink;
  readonly color: boolean;
  readonly transcripts: boolean;
  readonly replay: (test: string) => string;
  /** The `doctor` command for the same target. */
  readonly doctor?: string;
}

/** A requested reporter: its name, and the file that it writes. */
export interface ReporterRequest {
  readonly name: string;
  readonly file: string | undefined;
}

type Factory = (sink: Sink, context: ReporterContext) => Reporter;

const FACTORIES: Readonly<Record<string, Factory>> = {
  pretty: (sink, context) => {
    const options = { ...context, color: context.color && sink.terminal };
    return context.words.brief ? briefReporter(sink, options) : prettyReporter(sink, options);
  },
  json: (sink, context) => jsonReporter(sink, context),
  junit: junitReporter,
  tap: tapReporter,
  md: markdownReporter,
  html: htmlReporter,
  badge: badgeReporter,
  issue: issueReporter,
};

/** The names that `--reporter` accepts. */
export const REPORTER_NAMES: readonly string[] = Object.keys(FACTORIES);

/** Parse `pretty,junit=out.xml`. @throws {TypeError} for an unknown name, or two without a file */
export function parseReporters(text: string): ReporterRequest[] {
  const requests = text.split(",").map((part) => {
    const [name = "", file] = part.split("=", 2);
    if (!REPORTER_NAMES.includes(name))
      throw new TypeError(`unknown reporter ${JSON.stringify(name)}; known: ${REPORTER_NAMES.join(", ")}`);
    return { name, file };
  });
  if (requests.filter(({ file }) => file === undefined).length > 1)
    throw new TypeError(
      "only one reporter can write to standard output; give the others a file: junit=out.xml",
    );
  return requests;
}

/**
 * Create the reporters. Files are started immediately, so that an interrupted run leaves a report that says
 * so.
 * @throws {ConfigError} for a file that cannot be written, before any test runs
 */
export function createReporters(requests: readonly ReporterRequest[], context: ReporterContext): Reporter[] {
  return requests.flatMap(({ name, file }) => {
    const factory = FACTORIES[name];
    if (file !== undefined) assertWritable(file);
    return factory ? [factory(file === undefined ? context.stdout : fileSink(file), context)] : [];
  });
}

function assertWritable(file: string): void {
  try {
    closeSync(openSync(file, "a"));
  } catch (error) {
    throw new ConfigError(`cannot write the report: ${error instanceof Error ? error.message : error}`);
  }
}
