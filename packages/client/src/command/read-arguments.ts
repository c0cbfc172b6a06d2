import { parseArgs } from "node:util";

export const HELP = `Usage: tidemark-client follow <url> [options]
       tidemark-client publish <url> [json...] [options]

follow    print the messages of a channel, or the events of any event stream
  --from <position>      start, end or a cursor; for event-stream: the last event id (default: start)
  --mechanism <name>     auto, sse, long-polling, polling, or event-stream for servers without Tidemark
                         (default: auto)
  --store <file>         keep the cursor in this file, and resume from it
  --json                 print JSON lines on a terminal too
publish   append the messages, or each line of the standard input; print the cursors
  --event <name>         event name of the messages
  --close                then close the channel permanently
both
  --header <name:value>  request header; can be repeated
  --help                 print this text

Exit codes: 0 the channel or stream has ended, or all is published; 1 failed; 2 wrong usage;
130 interrupted by Ctrl-C, which prints where to resume.`;

/** A mistake in the arguments; exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export interface Arguments {
  readonly command: "follow" | "publish";
  readonly url: string;
  readonly messages: readonly string[];
  readonly headers: Headers;
  readonly from: string | undefined;
  readonly mechanism: (typeof MECHANISMS)[number];
  readonly store: string | undefined;
  readonly json: boolean;
  readonly event: string | undefined;
  readonly close: boolean;
}

const MECHANISMS = ["auto", "sse", "long-polling", "polling", "event-stream"] as const;

const OPTIONS = {
  from: { type: "string" },
  mechanism: { type: "string", default: "auto" },
  store: { type: "string" },
  json: { type: "boolean", default: false },
  event: { type: "string" },
  close: { type: "boolean", default: false },
  header: { type: "string", multiple: true },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** The options that only one command has. */
const ONLY = { follow: ["from", "mechanism", "store", "json"], publish: ["event", "close"] } as const;

/** Parse the arguments; undefined if they ask for help. Throws a UsageError. */
export function readArguments(args: readonly string[]): Arguments | undefined {
  const { values, positionals, tokens } = parse(args);
  if (values.help) return undefined;
  const [command, url, ...messages] = positionals;
  if (command !== "follow" && command !== "publish")
    throw new UsageError(`expected follow or publish, not ${command ?? "nothing"}`);
  if (url === undefined) throw new UsageError(`${command} needs a URL`);
  const other: readonly string[] = ONLY[command === "follow" ? "publish" : "follow"];
  for (const token of tokens)
    if (token.kind === "option" && other.includes(token.name))
      throw new UsageError(`--${token.name} is no option of ${command}`);
  if (command === "follow" && messages.length > 0) throw new UsageError("follow takes one URL");
  const mechanism = MECHANISMS.find((name) => name === values.mechanism);
  if (mechanism === undefined) throw new UsageError(`--mechanism is one of ${MECHANISMS.join(", ")}`);
  const { from, store, json, event, close } = values;
  return {
    command,
    url,
    messages,
    headers: headersOf(values.header ?? []),
    from,
    mechanism,
    store,
    json,
    event,
    close,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, tokens: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function headersOf(fields: readonly string[]): Headers {
  const headers = new Headers();
  for (const field of fields) {
    const [, name, value] = /^([^:]+):(.*)$/s.exec(field) ?? [];
    try {
      headers.append(name ?? "", value ?? "");
    } catch {
      throw new UsageError(`--header needs name:value, not ${JSON.stringify(field.split(":")[0])}`);
    }
  }
  return headers;
}
