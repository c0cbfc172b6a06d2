import { parseArgs } from "node:util";
import { channelUrl } from "@tidemark/client-core/kit";
import { ONLY, OPTIONS } from "./options.ts";

/** A mistake in the arguments. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const MECHANISMS = ["auto", "sse", "long-polling", "polling", "event-stream"] as const;

interface Target {
  readonly url: string;
  readonly headers: Headers;
  readonly giveUpAfterMs: number | undefined;
}

export interface FollowArguments extends Target {
  readonly command: "follow";
  readonly from: string | undefined;
  readonly mechanism: (typeof MECHANISMS)[number];
  readonly store: string | undefined;
  readonly onGap: "start" | "end" | undefined;
  readonly once: boolean;
  readonly json: boolean;
}

export interface PublishArguments extends Target {
  readonly command: "publish";
  readonly messages: readonly string[];
  readonly event: string | undefined;
  readonly close: boolean;
}

/** Parse the arguments; undefined if they ask for help. Throws a UsageError. */
export function readArguments(args: readonly string[]): FollowArguments | PublishArguments | undefined {
  const { values, positionals, tokens } = parse(args);
  if (values.help) return undefined;
  const [command, url, ...messages] = positionals;
  if (command !== "follow" && command !== "publish")
    throw new UsageError(`expected follow or publish, not ${command ?? "nothing"}`);
  const other: readonly string[] = ONLY[command === "follow" ? "publish" : "follow"];
  for (const token of tokens)
    if (token.kind === "option" && other.includes(token.name))
      throw new UsageError(`${command} has no option --${token.name}`);
  const target = {
    url: urlOf(command, url),
    headers: headersOf(values.header ?? []),
    giveUpAfterMs: secondsOf(values["give-up"]),
  };
  const { from, store, once, json, event, close } = values;
  if (command === "publish") return { command, ...target, messages, event, close };
  if (messages.length > 0) throw new UsageError(`follow reads one URL; unexpected ${messages[0]}`);
  const mechanism = oneOf("--mechanism", MECHANISMS, values.mechanism);
  const onGap =
    values["on-gap"] === undefined ? undefined : oneOf("--on-gap", ["start", "end"], values["on-gap"]);
  return { command, ...target, from, mechanism, store, onGap, once, json };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, tokens: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function urlOf(command: string, url: string | undefined): string {
  if (url === undefined) throw new UsageError(`${command} needs a URL`);
  try {
    return channelUrl(url).href;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === "ERR_INVALID_URL" ? `invalid URL: ${url}` : message;
    throw new UsageError(`${reason}; expected for example http://localhost:3000/channels/news`);
  }
}

function headersOf(fields: readonly string[]): Headers {
  const headers = new Headers();
  for (const field of fields) {
    const [, name = "", value = ""] = /^([^:]+):(.*)$/s.exec(field) ?? [];
    try {
      headers.append(name, value);
    } catch (cause) {
      throw new UsageError(`--header needs name:value, not ${JSON.stringify(field)}`, { cause });
    }
  }
  return headers;
}

function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+(\.\d+)?$/.test(text)) throw new UsageError(`--give-up needs seconds, not ${text}`);
  return Number(text) * 1_000;
}

function oneOf<T extends string>(option: string, names: readonly T[], given: string): T {
  const found = names.find((name) => name === given);
  if (found === undefined) throw new UsageError(`${option} is one of ${names.join(", ")}; not ${given}`);
  return found;
}
