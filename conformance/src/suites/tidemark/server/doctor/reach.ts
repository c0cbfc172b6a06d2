import { type Finding, fatal, ok, trouble } from "../../../../engine/run/finding.ts";
import { hasChannels } from "../../../../engine/wire/channel.ts";
import type { Exchange } from "../../../../engine/wire/exchange.ts";
import { mediaType } from "../../../../engine/wire/headers.ts";
import { type Claims, parseClaims } from "../../claims.ts";
import { describe, readPage } from "../../read/page.ts";
import { PROMPT_MS, type Visit } from "./visit.ts";

/** A Tidemark server: its channel template, and what it claims. */
export interface Located {
  readonly template: string;
  readonly claims: Claims;
  readonly exchange: Exchange;
}

/** The result of looking for the server. */
export interface Reached {
  readonly findings: readonly Finding[];
  readonly located?: Located;
}

/** Look for a Tidemark server at the URL and, if there is none, at similar URLs. */
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

/** Channel templates that the user may have meant: below the URL, beside it, at the root. */
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
  // A server may send `Tidemark` with a 404 too; prefer a template where it serves channels.
  return (
    found.find((here) => here && here.exchange.status !== 404) ?? found.find((here) => here !== undefined)
  );
}

function elsewhere(visit: Visit, near: Located, asked: Exchange): Finding {
  const { url } = visit.settings;
  if (!hasChannels(url)) return ok(`channels are at ${near.template}`);
  return trouble(
    `${url} is not a channel: it answers ${visit.redact(describe(asked))}, without the header field Tidemark`,
    "the channel template is wrong",
    `use ${near.template}: the server's channels are there`,
  );
}

function oneChannel(url: string, near: Located | undefined): Finding {
  const place =
    near?.template ?? "if the server has more channels, give their URL with {channel} for the name";
  return {
    state: "note",
    what: `${url} is one channel: the suite only reads it, and can check less`,
    advice: near ? `for a full run, use ${place}` : place,
  };
}

/** Whether the Tidemark server that answers can be tested. */
function admit(visit: Visit, { claims, exchange, template }: Located): Finding[] {
  const spoken = ok(
    `speaks Tidemark ${claims.version} at ${template}: ${claims.mechanisms.join(" + ")}${claims.publish ? ", publish" : ""}`,
  );
  if (claims.version !== 1)
    return [
      fatal(
        `the server speaks Tidemark ${claims.version}`,
        "this suite tests version 1",
        "use a suite for that version",
      ),
    ];
  if (exchange.status === 401 || exchange.status === 403) return [spoken, unauthorized(visit, exchange)];
  if (exchange.status === 404)
    return [
      spoken,
      {
        state: "note",
        what: "the server answers 404 for a channel that was not declared",
        advice: "declare a channel and give its URL; without channels of its own, the suite can check less",
      },
    ];
  if ((exchange.status ?? 0) >= 500)
    return [
      spoken,
      fatal(
        `the server answers a read with ${visit.redact(describe(exchange))}`,
        "the server has an error, or is not ready",
        "check the server's output",
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
        "put the token into an environment variable, and add --header 'Authorization: env:VARIABLE'",
      )
    : fatal(
        what,
        `it rejects the credentials (${own.join(", ")})${asks}`,
        "check that the value is complete, starts with its scheme (Bearer …), and has not expired",
      );
}

/** Something else than a Tidemark server answers: find out what. */
function stranger(visit: Visit, exchange: Exchange): Finding {
  const { url } = visit.settings;
  const what = `${url} answers ${visit.redact(describe(exchange))}, without the header field Tidemark`;
  const status = exchange.status ?? 0;
  const location = exchange.header("location");
  if (status === 401 || status === 403 || status === 407) return unauthorized(visit, exchange);
  if (status >= 300 && status < 400 && location !== undefined)
    return fatal(what, `it redirects to ${visit.redact(location)}`, "if that is the server's URL, use it");
  if (status === 502 || status === 503 || status === 504)
    return fatal(
      what,
      `a proxy answers${proxyName(exchange)}, but the server behind it does not`,
      "start the server behind it, or use the server's own URL",
    );
  if (/html/.test(mediaType(exchange.headers)))
    return fatal(
      what,
      `it is an HTML page${title(exchange)}, from a website, an application's front end or a proxy`,
      "use the URL of the channels, as in http://127.0.0.1:3000/channels/{channel}",
    );
  if (typeof readPage(exchange) !== "string")
    return trouble(
      what,
      "the body is a Tidemark page: the server does not send the field, or something in between removes it",
      "send the field Tidemark with every answer, and let proxies pass it on",
    );
  if (mediaType(exchange.headers) === "text/event-stream")
    return fatal(
      what,
      "it is a plain event stream: the server does not speak Tidemark, or something in between removes the field",
      `test it as what it is: npx @tidemark/conformance sse '${visit.redact(url)}'; docs/guide/from-sse.md shows how to move to Tidemark`,
    );
  return fatal(what, "another program answers there", "check host, port and path");
}

/** ` (“Welcome”)` if the page has a title. */
function title(exchange: Exchange): string {
  const text = /<title[^>]*>([^<]{1,80})/i.exec(exchange.text)?.[1]?.trim();
  return text ? ` (“${text}”)` : "";
}

/** ` (nginx)` if the answer names the program that sent it. */
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
      `nothing listens on ${host}`,
      "start the server, or check host and port; inside a container, localhost is the container itself",
    );
  if (failure === "ENOTFOUND" || failure === "EAI_AGAIN")
    return fatal(what, "the host name has no address", "check the name's spelling, and the DNS");
  if (/CERT|SELF_SIGNED|UNABLE_TO/.test(failure))
    return fatal(
      what,
      "the certificate is not trusted",
      "for a test server, add --insecure; otherwise make Node trust it: NODE_EXTRA_CA_CERTS=ca.pem",
    );
  if (protocol === "https:" && (await speaksPlain(visit)))
    return fatal(what, "the port speaks plain HTTP, not TLS", "use http:// instead of https://");
  if (exchange.received.length > 0)
    return fatal(
      what,
      "the answer is not HTTP/1.1",
      protocol === "http:" ? "check the port, or try https://" : "check the port",
    );
  if (exchange.ending === "limit")
    return fatal(
      what,
      "it accepts the connection but sends nothing",
      "check whether the server hangs, or whether the port belongs to another service",
    );
  return fatal(
    what,
    "it closed the connection without an answer",
    protocol === "http:" ? "try https://, or check the server's output" : "check the server's output",
  );
}

/** Whether the port of an `https` URL answers plain HTTP. Sends no credentials: they would be readable. */
async function speaksPlain(visit: Visit): Promise<boolean> {
  const url = visit.settings.url.replace(/^https:/, "http:");
  const exchange = await visit.sendBare({ url }).done(PROMPT_MS);
  return exchange.status !== undefined;
}
