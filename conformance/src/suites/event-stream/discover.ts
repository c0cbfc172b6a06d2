import { setMaxListeners } from "node:events";

import { NoVerdict, type RunTools } from "../../engine/run/suite.ts";
import { Exchange } from "../../engine/wire/exchange.ts";
import { mediaType } from "../../engine/wire/headers.ts";
import { buildRequest } from "../../engine/wire/request.ts";
import { type ExtraHeader, headerLines } from "../../engine/wire/secrets.ts";
import { MAX_STREAM_BYTES, Observation } from "./observe/observation.ts";
import { Stream } from "./observe/stream.ts";
import type { Settings } from "./options.ts";
import { fillHeaders, fillIn, setUp, type Taken } from "./setup.ts";
import { openingRequest, type Target } from "./target.ts";
import { guessVocabulary, loadVocabularies, type Vocabulary } from "./vocabulary.ts";

/** How long the head of the response may take; a server that sends it with the first event is slow to show itself. */
const HEAD_LIMIT_MS = 20_000;

/** How long to wait for the first event, to guess the vocabulary, and for a body that may be a stream. */
const FIRST_EVENT_MS = 2_500;

const MAX_REDIRECTS = 5;

/** Open the stream under test: the request becomes the witness. @throws {NoVerdict} if there is no stream */
export async function discover(settings: Settings, tools: RunTools): Promise<Observation> {
  setMaxListeners(0, tools.signal); // one listener for each request
  const taken = await setUp(settings.setup ?? [], settings.headers, settings.insecure);
  const headers = fillHeaders(settings.headers, taken);
  const { exchange, url } = await follow(settings, taken, headers, tools.signal);
  const stream = new Stream(exchange);
  try {
    if (tools.signal.aborted) throw new NoVerdict("interrupted before the end");
    await admit(stream, settings);
    await stream.until(() => stream.events.length > 0, FIRST_EVENT_MS);
  } catch (error) {
    exchange.abort();
    throw error;
  }
  const vocabulary = vocabularyOf(settings, stream);
  const target: Target = {
    settings,
    url,
    taken,
    get vocabulary() {
      return vocabulary();
    },
    headers,
    otherHeaders: [...(settings.driver?.secrets ?? []), ...(settings.control?.secrets ?? [])],
    driver: settings.driver,
    control: settings.control,
    redact: tools.redact,
    insecure: settings.insecure,
  };
  return new Observation(target, stream, tools);
}

/** Send the request, and follow redirects as a browser does. */
async function follow(
  settings: Settings,
  taken: Taken,
  headers: readonly ExtraHeader[],
  signal: AbortSignal,
): Promise<{ exchange: Exchange; url: string }> {
  let url = fillIn(settings.url, taken);
  for (let n = 0; ; n += 1) {
    const init = openingRequest({ settings, taken, url });
    const request = buildRequest({ ...init, headers: [...(init.headers ?? []), ...headerLines(headers)] });
    const exchange = new Exchange(request, { insecure: settings.insecure, maxBytes: MAX_STREAM_BYTES });
    signal.addEventListener("abort", () => exchange.abort(), { once: true });
    await exchange.until(() => exchange.status !== undefined, HEAD_LIMIT_MS);
    const location = exchange.header("location");
    if (!REDIRECTS.has(exchange.status ?? 0) || location === undefined) return { exchange, url };
    exchange.abort();
    if (n === MAX_REDIRECTS)
      throw new NoVerdict(`more than ${MAX_REDIRECTS} redirects; the last one to ${location}`);
    const next = new URL(location, url);
    if (next.origin !== new URL(url).origin && headers.length > 0)
      throw new NoVerdict(
        `a redirect to another origin, ${next.origin}: pass its URL if it may get the credentials`,
      );
    url = next.href;
  }
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** @throws {NoVerdict} with a line that says what answered instead of a stream */
async function admit(stream: Stream, { headers, method }: Settings): Promise<void> {
  const { exchange } = stream;
  const { status } = exchange;
  if (status === undefined) throw new NoVerdict(silence(exchange));
  if (status === 204)
    throw new NoVerdict(
      "the server answers 204: there is no stream, or it has ended and tells clients to stop",
    );
  if (status === 401 || status === 403 || status === 407)
    throw new NoVerdict(
      `the server answers ${status}: ${headers.length > 0 ? "it does not accept these credentials" : "pass credentials with --header 'Authorization: env:VARIABLE'"}`,
    );
  if (status === 405 || status === 415 || status === 400)
    throw new NoVerdict(
      `the server answers ${status}${method === "GET" ? ": if the stream is opened by POST, pass --method POST --json @body.json" : `: ${excerpt(exchange)}`}`,
    );
  if (status !== 200 && !(status < 300 && mediaType(exchange.headers) === "text/event-stream"))
    throw new NoVerdict(`the server answers ${`${status} ${mediaType(exchange.headers)}`.trim()}: no stream`);
  if (stream.isStream) return;
  await stream.until(() => stream.blocks.length > 0, FIRST_EVENT_MS);
  if (looksLikeStream(stream)) return; // with a wrong media type, which is the first finding
  throw new NoVerdict(`the server answers 200 ${mediaType(exchange.headers)}: ${whatItIs(exchange)}`);
}

function looksLikeStream({ blocks, comments }: Stream): boolean {
  const fields = blocks.slice(0, 3).flatMap(({ lines }) => lines.map(({ name }) => name));
  const known = fields.filter((name) => /^(?:data|event|id|retry|)$/.test(name)).length;
  return fields.includes("data") && known >= fields.length / 2 && (comments.length > 0 || known > 0);
}

function whatItIs(exchange: Exchange): string {
  const type = mediaType(exchange.headers);
  const text = exchange.text.slice(0, 4_096);
  if (/html/.test(type) && /type=["']?password|log ?in|sign ?in/i.test(text))
    return "a login page, no event stream";
  if (/html/.test(type)) return "a web page, no event stream";
  if (/json/.test(type)) return "JSON, no event stream";
  if (exchange.header("content-length") !== undefined) return "a file, no event stream";
  return "no event stream (text/event-stream)";
}

function excerpt(exchange: Exchange): string {
  const text = exchange.text.trim().slice(0, 100);
  return text === "" ? "no stream" : JSON.stringify(text);
}

const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|DEPTH_ZERO/;

function silence(exchange: Exchange): string {
  const { failure, ending, faults } = exchange;
  if (failure !== undefined && UNTRUSTED.test(failure))
    return `the certificate is not trusted (${failure}); --insecure accepts it`;
  if (ending === "no-connection") return `the server cannot be reached (${failure})`;
  if (ending !== undefined && exchange.receivedBytes === 0)
    return `the server closed the connection without an answer (${failure ?? ending})`;
  if (faults.length > 0) return `the server does not answer in HTTP/1.1: ${faults[0]}`;
  if (ending !== undefined)
    return `the server closed the connection without an answer (${failure ?? ending})`;
  return `no response head within ${HEAD_LIMIT_MS / 1000} s; a stream sends its head before the first event (ES-OPEN-4)`;
}

/** The vocabulary, as far as the events so far show it. @throws {NoVerdict} for a name that does not exist */
function vocabularyOf({ vocabulary: name }: Settings, stream: Stream): () => Vocabulary {
  const all = loadVocabularies();
  const named = name === undefined ? undefined : all.get(name);
  if (name !== undefined && !named)
    throw new NoVerdict(`there is no vocabulary ${name}; known: ${[...all.keys()].join(", ")}`);
  if (named) return () => named;
  let guessed = guessVocabulary(all, stream.events);
  let isFinal = false;
  return () => {
    if (isFinal || guessed.name !== "plain" || stream.exchange.ending === undefined) return guessed;
    isFinal = true; // a guess is not cheap, and the last events may tell what the first do not
    guessed = guessVocabulary(all, [...stream.events.slice(0, 5), ...stream.events.slice(-5)]);
    return guessed;
  };
}
