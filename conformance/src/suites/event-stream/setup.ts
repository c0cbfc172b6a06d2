import { NoVerdict } from "../../engine/run/suite.ts";
import { Exchange } from "../../engine/wire/exchange.ts";
import { type HeaderLine, header } from "../../engine/wire/headers.ts";
import { type Json, JsonNumber, member, parseJson } from "../../engine/wire/json.ts";
import { buildRequest } from "../../engine/wire/request.ts";
import { type ExtraHeader, headerLines } from "../../engine/wire/secrets.ts";

/** A request that is sent before the stream is opened. */
export interface SetupStep {
  /** @defaultValue "POST" */
  readonly method?: string;
  readonly url: string;
  readonly headers?: readonly ExtraHeader[];
  readonly body?: { readonly text: string; readonly type: string };
  /** What to take from the response, by name: `header Mcp-Session-Id` or `json /session/id`. */
  readonly take?: Readonly<Record<string, string>>;
}

/** What set-up requests took from their responses, by name. */
export type Taken = ReadonlyMap<string, string>;

/** How long a set-up request may take. */
const SETUP_LIMIT_MS = 10_000;

/** Replace each `{name}` by what was taken; other braces stay. */
export function fillIn(text: string, taken: Taken): string {
  return text.replace(/\{([\w-]+)\}/g, (whole, name: string) => taken.get(name) ?? whole);
}

/** The header fields with everything taken filled in. What came from a response is not secret to the server. */
export function fillHeaders(headers: readonly ExtraHeader[], taken: Taken): ExtraHeader[] {
  return headers.map((extra) => ({ ...extra, value: fillIn(extra.value, taken) }));
}

/** Send the set-up requests, in order. @throws {NoVerdict} if one of them fails */
export async function setUp(
  steps: readonly SetupStep[],
  shared: readonly ExtraHeader[],
  insecure: boolean,
): Promise<Taken> {
  const taken = new Map<string, string>();
  for (const [index, step] of steps.entries()) {
    const { method = "POST", url, headers = [], body, take = {} } = step;
    const own = fillHeaders([...headers, ...shared.filter(({ name }) => !has(headers, name))], taken);
    const lines: HeaderLine[] = [...headerLines(own)].filter(([, value]) => !/\{[\w-]+\}/.test(value));
    if (body && header(lines, "content-type") === undefined) lines.push(["Content-Type", body.type]);
    const request = buildRequest({
      method,
      url: fillIn(url, taken),
      headers: lines,
      ...(body ? { body: fillIn(body.text, taken) } : {}),
    });
    const exchange = new Exchange(request, { insecure, maxBytes: MAX_SETUP_BYTES });
    const wanted = Object.values(take).every((what) => what.startsWith("header "));
    await exchange.until(() => wanted && exchange.status !== undefined, SETUP_LIMIT_MS);
    takeAll(exchange, take, index, taken);
    exchange.abort();
  }
  return taken;
}

/** The most bytes of a response to a set-up request. */
const MAX_SETUP_BYTES = 1_048_576;

function has(headers: readonly ExtraHeader[], name: string): boolean {
  return headers.some((other) => other.name.toLowerCase() === name.toLowerCase());
}

function takeAll(
  exchange: Exchange,
  take: Readonly<Record<string, string>>,
  index: number,
  taken: Map<string, string>,
): void {
  const { status } = exchange;
  if (status === undefined || status < 200 || status > 299)
    throw new NoVerdict(
      `set-up request ${index + 1} was answered with ${status ?? exchange.failure ?? "nothing"}`,
    );
  for (const [name, what] of Object.entries(take)) {
    const value = partOf(exchange, what);
    if (value === undefined)
      throw new NoVerdict(`the response to set-up request ${index + 1} has no ${what}, which \`take\` names`);
    taken.set(name, value);
  }
}

function partOf(exchange: Exchange, what: string): string | undefined {
  const [kind, place = ""] = what.split(/\s+/, 2);
  if (kind === "header") return exchange.header(place);
  let value: Json | undefined = parseJson(exchange.text);
  for (const step of place.split("/").slice(1)) value = value === undefined ? undefined : member(value, step);
  if (value instanceof JsonNumber) return value.text;
  return typeof value === "string" ? value : undefined;
}
