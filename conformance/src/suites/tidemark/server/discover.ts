import { Undecided } from "../../../engine/run/checks.ts";
import { NoVerdict, type RunTools } from "../../../engine/run/suite.ts";
import { channelAt, hasChannels, withQuery } from "../../../engine/wire/channel.ts";
import { Exchange } from "../../../engine/wire/exchange.ts";
import { mediaType } from "../../../engine/wire/headers.ts";
import { buildRequest } from "../../../engine/wire/request.ts";
import type { Redactor } from "../../../engine/wire/secrets.ts";
import { headerLines } from "../../../engine/wire/secrets.ts";
import { type Claims, type Mechanism, parseClaims } from "../claims.ts";
import { describe, readPage } from "../read/page.ts";
import { declaring } from "./declare.ts";
import type { MechanismChoice, Settings } from "./options.ts";
import { protocolDriver } from "./protocol-driver.ts";
import type { Permission, Target } from "./target.ts";

/** How long the first answer may take; after that there is no verdict. */
const DISCOVERY_LIMIT_MS = 5_000;

/** The claims to assume of a server that answers a page without `Tidemark`. */
const UNCLAIMED: Claims = {
  version: undefined,
  mechanisms: ["poll"],
  maxWaitS: undefined,
  maxLimit: undefined,
  heartbeatS: undefined,
  keyTtlS: undefined,
  publish: false,
  event: false,
};

/**
 * Find out what the target offers. A URL without `{channel}` is tried as one channel, then as the base URL of
 * channels.
 * @throws {NoVerdict} when no Tidemark server answers there
 */
export async function discover(settings: Settings, { id, signal, redact }: RunTools): Promise<Target> {
  const candidates = templates(settings.url);
  const declare = settings.allow === "observe" ? undefined : declaring(settings.driver, settings, signal);
  const name = `conformance-${id}-probe`;
  for (const template of candidates)
    if (hasChannels(template)) await declare?.(channelAt(template, name)).catch(refuse);
  const probes = await Promise.all(candidates.map((template) => probe(template, settings, name, signal)));
  if (signal.aborted) throw new NoVerdict("interrupted before the end");
  const speaks = probes.map((exchange) => claimsOf(exchange) !== undefined);
  const exists = probes.findIndex((exchange, at) => speaks[at] && exchange.status !== 404);
  const index = exists === -1 ? speaks.indexOf(true) : exists;
  const template = candidates[index];
  const exchange = probes[index];
  if (template === undefined || !exchange) throw new NoVerdict(explain(candidates, probes));
  return { ...toTarget(template, exchange, settings, redact), declare };
}

/** Where the channels may be, best guess first. */
function templates(url: string): string[] {
  if (hasChannels(url)) return [url];
  const base = url.replace(/\/$/, "");
  if (url.includes("?")) return [url];
  return [url, `${base}/{channel}`, `${base}/channels/{channel}`];
}

function refuse(error: unknown): never {
  throw error instanceof Undecided ? new NoVerdict(error.message) : error;
}

function probe(template: string, settings: Settings, name: string, signal: AbortSignal): Promise<Exchange> {
  const { url } = channelAt(template, name);
  const request = buildRequest({
    url: withQuery(url, { after: "end" }),
    headers: headerLines(settings.headers),
  });
  const exchange = new Exchange(request, { insecure: settings.insecure });
  signal.addEventListener("abort", () => exchange.abort(), { once: true });
  return exchange.done(DISCOVERY_LIMIT_MS);
}

/** The claims in an answer. A page without the header counts too: tests report the missing header. */
function claimsOf(exchange: Exchange): Claims | undefined {
  const claims = parseClaims(exchange.header("tidemark"));
  if (claims?.version !== undefined) return claims;
  return typeof readPage(exchange) === "string" ? undefined : UNCLAIMED;
}

function toTarget(template: string, exchange: Exchange, settings: Settings, redact: Redactor): Target {
  const claims = claimsOf(exchange) ?? UNCLAIMED;
  if (claims.version !== undefined && claims.version !== 1)
    throw new NoVerdict(`the target speaks Tidemark version ${claims.version}; this suite tests version 1`);
  if (exchange.status === 401 || exchange.status === 403)
    throw new NoVerdict(
      `the target answers ${describe(exchange)}: pass credentials with --header 'Authorization: env:VARIABLE'`,
    );
  if (exchange.status === 404 && !hasChannels(template))
    throw new NoVerdict(
      `there is no channel at ${redact(template)} (${describe(exchange)}), although a Tidemark server answers there: pass the URL of a channel that exists, or a URL with {channel}`,
    );
  const { driver, control } = settings;
  const allowed = permissionFor(template, claims, settings);
  return {
    template,
    claims,
    claimed: exchange.header("tidemark"),
    mechanisms: offered(claims.mechanisms, settings.mechanisms ?? {}),
    allowed,
    implicit: exchange.status !== 404,
    headers: settings.headers,
    otherHeaders: [...(driver?.secrets ?? []), ...(control?.secrets ?? [])],
    limits: settings.limits,
    histories: settings.histories,
    thorough: settings.thorough,
    driver: allowed === "observe" ? undefined : (driver ?? (claims.publish ? protocolDriver : undefined)),
    control: allowed === "provoke" ? control : undefined,
    redact,
    insecure: settings.insecure,
  };
}

/** The claimed mechanisms, unless the user overrides them. */
function offered(claimed: readonly Mechanism[], choice: MechanismChoice): readonly Mechanism[] {
  if (isList(choice)) return choice;
  return MECHANISMS.filter((mechanism) => choice[mechanism] ?? claimed.includes(mechanism));
}

function isList(choice: MechanismChoice): choice is readonly Mechanism[] {
  return Array.isArray(choice);
}

const MECHANISMS: readonly Mechanism[] = ["poll", "long-poll", "sse"];

/** As much as the target offers and the user allows. A single channel is only read. */
function permissionFor(template: string, claims: Claims, settings: Settings): Permission {
  const most = settings.allow ?? "provoke";
  if (most === "observe" || !hasChannels(template) || !(claims.publish || settings.driver)) return "observe";
  return most === "provoke" && settings.control ? "provoke" : "publish";
}

function explain(candidates: readonly string[], probes: readonly Exchange[]): string {
  const failures = new Set(probes.map((exchange) => exchange.failure));
  if (probes.every((exchange) => exchange.ending === "no-connection"))
    return `target unreachable (${[...failures].join(", ")})`;
  if (probes.every((exchange) => exchange.status === undefined))
    return `the target does not answer in HTTP (${describe(probes[0] ?? raise()).replace("no answer: ", "")})`;
  const seen = candidates.map((template, index) => `${template} → ${describe(probes[index] ?? raise())}`);
  const stream = probes.findIndex(({ headers }) => mediaType(headers) === "text/event-stream");
  const hint =
    stream === -1 ? "" : `; an event stream is tested by: tidemark-conformance sse ${candidates[stream]}`;
  return `no Tidemark server found: ${seen.join("; ")}${hint}`;
}

function raise(): never {
  throw new RangeError("there is no probe");
}
