import { describe, readPage } from "../read/page.ts";
import { hasChannels } from "../run/target.ts";
import { type Claims, parseClaims } from "../wire/claims.ts";
import type { Exchange } from "../wire/exchange.ts";
import { mediaType } from "../wire/headers.ts";
import { type Finding, fatal, ok, trouble } from "./finding.ts";
import { PROMPT_MS, type Visit } from "./visit.ts";

/** Where channels are found, and what the server claims there. */
export interface Located {
  readonly template: string;
  readonly claims: Claims;
  readonly exchange: Exchange;
}

/** What came of looking for the server. */
export interface Reached {
  readonly findings: readonly Finding[];
  readonly located?: Located;
}

/** Look for a Tidemark server at the URL, and, where there is none, near it. */
export async function reach(visit: Visit): Promise<Reached> {
  const { url } = visit.settings;
  const exchange = await ask(visit, url);
  if (exchange.status === undefined) return { findings: [await silence(visit, exchange)] };
  const here = locate(url, exchange);
  if (here && hasChannels(url)) return { findings: admit(visit, here), located: here };
  const near = await findNear(visit);
  if (here) return { findings: [oneChannel(url, near), ...admit(visit, here)], located: here };
  if (near) return { findings: [elsewhere(visit, near, exchange), ...admit(visit, near)], located: near };
  return { findings: [stranger(visit, exchange)] };
}

function ask(visit: Visit, template: string): Promise<Exchange> {
  return visit.get(visit.channel(template).url, { after: "end" });
}

function locate(template: string, exchange: Exchange): Located | undefined {
  const claims = parseClaims(exchange.header("tidemark"));
  return claims?.version === undefined ? undefined : { template, claims, exchange };
}

/** Channel templates that the URL may have been meant to be: below it, beside it, at the root. */
function guesses(url: string): string[] {
  const { origin } = new URL(url);
  const path = url.slice(origin.length).split("?")[0] ?? "";
  const stem = path.replaceAll("{channel}", "").replace(/\/+$/, "");
  const parent = stem.replace(/\/[^/]*$/, "");
  const paths = [
    `${stem}/{channel}`,
    `${stem}/channels/{channel}`,
    `${parent}/channels/{channel}`,
    "/channels/{channel}",
    `${parent}/{channel}`,
    "/{channel}",
  ];
  return [...new Set(paths.map((guess) => `${origin}${guess}`))].filter((guess) => guess !== url);
}

async function findNear(visit: Visit): Promise<Located | undefined> {
  const templates = guesses(visit.settings.url);
  const exchanges = await Promise.all(templates.map((template) => ask(visit, template)));
  const found = exchanges.map((exchange, index) => locate(templates[index] ?? "", exchange));
  // A server without channels there may claim all the same in its 404; one that serves them goes first.
  return (
    found.find((here) => here && here.exchange.status !== 404) ?? found.find((here) => here !== undefined)
  );
}

function elsewhere(visit: Visit, near: Located, asked: Exchange): Finding {
  const { url } = visit.settings;
  if (!hasChannels(url)) return ok(`channels are at ${near.template}`);
  return trouble(
    `${url} is no channel: ${visit.redact(describe(asked))}, without the header field Tidemark`,
    "the channel template is wrong",
    `the server's channels are at ${near.template}: use that`,
  );
}

function oneChannel(url: string, near: Located | undefined): Finding {
  const place =
    near?.template ?? "give the place of channels, with {channel} for the name, if the server has any";
  return {
    state: "note",
    what: `${url} is one channel: it is only read, and less can be seen`,
    advice: near ? `for more, give the place of channels: ${place}` : place,
  };
}

/** A Tidemark server answers; whether it lets us in. */
function admit(visit: Visit, { claims, exchange, template }: Located): Finding[] {
  const spoken = ok(
    `speaks Tidemark ${claims.version} at ${template}: ${claims.mechanisms.join(" + ")}${claims.publish ? ", publish" : ""}`,
  );
  if (claims.version !== 1)
    return [
      fatal(
        `the server speaks Tidemark ${claims.version}`,
        "this suite knows version 1",
        "use a suite for that version",
      ),
    ];
  if (exchange.status === 401 || exchange.status === 403) return [spoken, unauthorized(visit, exchange)];
  if (exchange.status === 404)
    return [
      spoken,
      {
        state: "note",
        what: "a channel that nobody declared is answered 404",
        advice: "declare one, and give its URL: less can be seen of a server without channels for tests",
      },
    ];
  if ((exchange.status ?? 0) >= 500)
    return [
      spoken,
      fatal(
        `reading is answered ${visit.redact(describe(exchange))}`,
        "the server fails, or is not ready",
        "look at its own output",
      ),
    ];
  return [spoken];
}

function unauthorized(visit: Visit, exchange: Exchange): Finding {
  const { headers } = visit.settings;
  const what = `the server answers ${visit.redact(describe(exchange))}`;
  const challenge = exchange.header("www-authenticate");
  const asks = challenge === undefined ? "" : ` (it asks for ${visit.redact(challenge)})`;
  const own = headers.map(({ name, variable }) =>
    variable === undefined ? name : `${name} from ${variable}`,
  );
  return own.length === 0
    ? fatal(
        what,
        `it needs a token${asks}, and none was given`,
        "set a variable, and add --header 'Authorization: env:VARIABLE'",
      )
    : fatal(
        what,
        `it does not take the credentials that were given (${own.join(", ")})${asks}`,
        "look whether the value is complete, has its scheme (Bearer …), and has not expired",
      );
}

/** Something answers that is no Tidemark server: what is it? */
function stranger(visit: Visit, exchange: Exchange): Finding {
  const { url } = visit.settings;
  const what = `${url} answers ${visit.redact(describe(exchange))}, without the header field Tidemark`;
  const status = exchange.status ?? 0;
  const location = exchange.header("location");
  if (status === 401 || status === 403 || status === 407) return unauthorized(visit, exchange);
  if (status >= 300 && status < 400 && location !== undefined)
    return fatal(what, `it redirects to ${visit.redact(location)}`, "use that URL, if it is the server's");
  if (status === 502 || status === 503 || status === 504)
    return fatal(
      what,
      `a proxy answers${proxyName(exchange)}, but not the server behind it`,
      "start the server behind it, or ask the server itself",
    );
  if (/html/.test(mediaType(exchange.headers)))
    return fatal(
      what,
      `an HTML page${title(exchange)}: a website, an application's front end or a proxy answers`,
      "use the URL of the channels, as in http://127.0.0.1:3000/channels/{channel}",
    );
  if (typeof readPage(exchange) !== "string")
    return trouble(
      what,
      "the page is one of Tidemark: the server does not send the field, or something in between takes it off",
      "let the field Tidemark through",
    );
  if (mediaType(exchange.headers) === "text/event-stream")
    return fatal(
      what,
      "an event stream as plain SSE libraries send it: the server does not speak Tidemark, or something in between takes the field off",
      "if it is to speak it: every answer has the field (spec/core.md#core-claim-1); docs/guide/from-sse.md says how to get from the one to the other",
    );
  return fatal(what, "something else answers there", "look at host, port and path");
}

/** ` ("Welcome")`, when the page has a title. */
function title(exchange: Exchange): string {
  const text = /<title[^>]*>([^<]{1,80})/i.exec(exchange.text)?.[1]?.trim();
  return text ? ` (“${text}”)` : "";
}

/** ` (nginx)`, when the answer names what sent it. */
export function proxyName(exchange: Exchange): string {
  const name = exchange.header("via") ?? exchange.header("server");
  return name === undefined ? "" : ` (${name})`;
}

/** Why there was no answer at all. */
async function silence(visit: Visit, exchange: Exchange): Promise<Finding> {
  const { host, protocol } = new URL(visit.settings.url);
  const failure = exchange.failure ?? "";
  const what = `no answer from ${host}${failure === "" ? "" : ` (${failure})`}`;
  if (failure === "ECONNREFUSED")
    return fatal(
      what,
      `nothing listens at ${host}`,
      "start the server, or look at host and port; in a container, localhost is the container itself",
    );
  if (failure === "ENOTFOUND" || failure === "EAI_AGAIN")
    return fatal(what, "the host has no address", "look at the name's spelling, and at the DNS");
  if (/CERT|SELF_SIGNED|UNABLE_TO/.test(failure))
    return fatal(
      what,
      "the certificate is not trusted",
      "add --insecure for a test server, or let Node trust it: NODE_EXTRA_CA_CERTS=ca.pem",
    );
  if (protocol === "https:" && (await speaksPlain(visit)))
    return fatal(what, "the port speaks plain HTTP, no TLS", "use http:// there");
  if (exchange.received.length > 0)
    return fatal(
      what,
      "what answers speaks no HTTP/1.1",
      protocol === "http:" ? "look at the port, or try https:// there" : "look at the port",
    );
  if (exchange.ending === "limit")
    return fatal(
      what,
      "it takes the connection and says nothing",
      "look whether the server hangs, or the port is another service's",
    );
  return fatal(
    what,
    "the connection was closed before an answer",
    protocol === "http:" ? "try https://, or look at the server's output" : "look at the server's output",
  );
}

/** The port of an `https` URL answers to `http`. No credentials are sent: they were not meant to be readable. */
async function speaksPlain(visit: Visit): Promise<boolean> {
  const url = visit.settings.url.replace(/^https:/, "http:");
  const exchange = await visit.sendBare({ url }).done(PROMPT_MS);
  return exchange.status !== undefined;
}
