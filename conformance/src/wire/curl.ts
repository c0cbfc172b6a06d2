import { latin1, text } from "./bytes.ts";
import { header } from "./headers.ts";
import { requestUrl, type WireRequest } from "./request.ts";
import type { ExtraHeader } from "./secrets.ts";
import { printfFormat, quote, quoteWord, substitute, type Word } from "./shell.ts";

/** How a `curl` command is written. */
export interface CurlOptions {
  /** Headers of the user: a secret is written as its variable. */
  readonly extra?: readonly ExtraHeader[];
  /** Show the answer's head too. Default true. */
  readonly include?: boolean;
  /** The shell variable that names the file into which the answer's head goes. */
  readonly headFile?: string;
  /** End after so many seconds; for answers that do not end by themselves. */
  readonly maxTimeS?: number;
  /** Texts in the URL, in `Last-Event-ID` and in the body that a shell variable stands for. */
  readonly variables?: ReadonlyMap<string, string>;
}

/** Headers that `curl` sets by itself when we set none. */
const CURL_DEFAULTS = ["Accept", "Content-Type"];

/** Headers that are `curl`'s own business. */
const FRAMING = /^(host|connection|content-length)$/i;

/** A held request: what matters is when it was answered, too. */
const WAITS = /[?&]wait=/;

/** A body longer than this is made by a command, not written out. */
const MAX_INLINE_BYTES = 4096;

/** One line that sends the same request; it runs as it is printed. */
export function curlLine(request: WireRequest, options: CurlOptions = {}): string {
  const { include = true, headFile, maxTimeS, variables = new Map() } = options;
  // An end that is asked for is no error to be shown.
  const words = ["curl", `-${include ? "i" : ""}s${maxTimeS === undefined ? "S" : ""}gN`];
  if (maxTimeS !== undefined) words.push("-m", String(maxTimeS));
  if (headFile !== undefined) words.push("-D", `"$${headFile}"`);
  if (include && WAITS.test(request.target)) words.push("-w", "'\\n(%{time_total} s)'");
  if (request.method === "HEAD") words.push("-I");
  else if (request.method !== (request.body ? "POST" : "GET")) words.push("-X", quote(request.method));
  for (const word of headerWords(request, options)) words.push("-H", word);
  const body = request.body && bodySource(request.body, variables);
  if (body) words.push(body.argument);
  words.push(quoteWord(substitute(requestUrl(request), variables)));
  return `${body?.pipe ?? ""}${words.join(" ")}`;
}

function headerWords(request: WireRequest, options: CurlOptions): string[] {
  const given = request.headers
    .filter(([name]) => !FRAMING.test(name))
    .map(([name, value]) => quoteWord(headerWord(name, value, options)));
  const silenced = CURL_DEFAULTS.filter((name) => header(request.headers, name) === undefined)
    .filter((name) => name !== "Content-Type" || request.body !== undefined)
    .map((name) => quote(`${name}:`));
  return [...given, ...silenced];
}

function headerWord(name: string, value: string, options: CurlOptions): Word {
  if (value === "") return [`${name};`]; // how curl is told to send an empty header
  const own = options.extra?.find((extra) => extra.name === name && extra.value === value);
  const [secret] = own?.secrets ?? [];
  if (own?.variable !== undefined && secret !== undefined)
    return [`${name}: `, ...substitute(value, new Map([[secret, own.variable]]))];
  if (secret !== undefined) return [`${name}: `, { variable: "SECRET" }];
  return [`${name}: `, ...substitute(value, options.variables ?? new Map())];
}

interface BodySource {
  readonly pipe: string;
  readonly argument: string;
}

function bodySource(body: Uint8Array, variables: ReadonlyMap<string, string>): BodySource {
  const shown = text(body);
  const isText = Buffer.from(shown, "utf8").equals(body) && !shown.includes("\0");
  if (isText && body.length <= MAX_INLINE_BYTES)
    return { pipe: "", argument: `--data-raw ${quoteWord(substitute(shown, variables))}` };
  return { pipe: `${bodyCommand(latin1(body), variables)} | `, argument: "--data-binary @-" };
}

/** A run of one character from this length on is made by a command. */
const LONG_RUN = 1000;

/** A command that writes the body: its longest run of one character is made by `head` and `tr`. */
function bodyCommand(body: string, variables: ReadonlyMap<string, string>): string {
  const run = longestRun(body);
  if (run.length < LONG_RUN) return `printf ${printfFormat(Buffer.from(body, "latin1"))}`;
  const before = body.slice(0, run.start);
  const after = body.slice(run.start + run.length);
  const filler = `head -c ${run.length} /dev/zero | tr '\\0' ${quote(body.charAt(run.start))}`;
  const part = (text: string): string => `printf %s ${quoteWord(substitute(text, variables))}`;
  return `{ ${part(before)}; ${filler}; ${part(after)}; }`;
}

function longestRun(text: string): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (let at = 1; at <= text.length; at += 1) {
    if (text.charCodeAt(at) === text.charCodeAt(start)) continue;
    if (at - start > best.length) best = { start, length: at - start };
    start = at;
  }
  return best;
}
