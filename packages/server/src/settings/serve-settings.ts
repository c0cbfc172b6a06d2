import { MemoryLog } from "@tidemark/log-memory";
import { DEFAULT_LOG } from "../logs/open-log.ts";
import { ChannelClasses } from "../metrics/channel-classes.ts";
import { type TidemarkOptions, tidemark } from "../tidemark.ts";
import { choice, list, SWITCH, text, type Value, whole } from "./kinds.ts";
import type { Setting } from "./setting.ts";
import { TOKEN_SETTINGS } from "./token-settings.ts";

/** Every setting of `tidemark serve`, in groups. The help, the guide and the tests are made from this list. */
export const SETTINGS: Readonly<Record<string, readonly Setting[]>> = {
  Server: [
    {
      name: "port",
      short: "p",
      kind: whole(0, 65_535, "<number>"),
      preset: 3_000,
      help: "port to listen on; 0 picks a free one",
    },
    {
      name: "host",
      kind: text("<address>"),
      preset: "127.0.0.1",
      help: "address to listen on; 0.0.0.0 for every network",
    },
    {
      name: "path",
      kind: text("<pattern>"),
      preset: "/channels/:channel",
      help: "URL path of the channels",
      check: accepts((path) => ({ path })),
    },
    {
      name: "log",
      kind: text("<name>"),
      preset: DEFAULT_LOG,
      secret: "password",
      help: "where messages are kept: lmdb:directory, memory, redis://host:port, nats://host:port, or another scheme, package:… or ./module.mjs:… that has a log",
    },
    {
      name: "workers",
      kind: whole(1, 256),
      preset: 1,
      help: "processes that share the port, to use several cores; one that ends is restarted",
    },
    {
      name: "tls-cert",
      kind: text("<file>"),
      help: "certificate in PEM: serve HTTP/2 and HTTP/1.1 over TLS; read again when it changes",
    },
    { name: "tls-key", kind: text("<file>"), help: "private key of the certificate" },
    {
      name: "drain",
      kind: whole(0, 3_600, "<seconds>"),
      preset: 5,
      help: "on shutdown, end the streams spread over this time",
    },
    { name: "read-only", kind: SWITCH, help: "reject publishes" },
    { name: "allow-remove", kind: SWITCH, help: "accept DELETE, which removes a channel and its messages" },
  ],
  "Pages of other origins": [
    {
      name: "cors-origin",
      kind: list("<origin>"),
      otherwise: "every origin may read, none may publish",
      help: "origins whose pages may read, and publish unless --cors-write-origin is given",
      check: accepts((origins) => ({ cors: { origin: starOr(origins) } })),
    },
    {
      name: "cors-write-origin",
      kind: list("<origin>"),
      help: "origins whose pages may publish, close and remove; '*' for every origin",
      check: accepts((origins) => ({ cors: { write: starOr(origins) } })),
    },
    {
      name: "cors-header",
      kind: list("<name>"),
      help: "further request header fields that pages may send, such as traceparent",
      check: accepts((headers) => ({ cors: { headers } })),
    },
    {
      name: "host-name",
      kind: list("<name>"),
      help: "host names of the server, besides localhost and --host; a request with another Host gets 403",
      check: accepts((hosts) => ({ hosts })),
    },
    {
      name: "trust-proxy",
      kind: SWITCH,
      help: "accept any Host, for a server behind a proxy that checks it",
    },
  ],
  Retention: [
    { name: "retain-messages", kind: whole(1), preset: 100_000, help: "messages that each channel keeps" },
    {
      name: "retain-age",
      kind: whole(1, undefined, "<seconds>"),
      otherwise: "no limit",
      help: "how long a message is kept",
    },
    { name: "retain-bytes", kind: whole(1), preset: 64 * 1_048_576, help: "bytes that each channel keeps" },
    {
      name: "max-channels",
      kind: whole(1),
      otherwise: "100000 in lmdb and memory",
      help: "channels that the log keeps, if it can limit them",
    },
    {
      name: "max-bytes",
      kind: whole(1),
      otherwise: "a quarter of the heap limit in memory",
      help: "bytes of all channels together, if the log can limit them",
    },
    {
      name: "max-new-channels",
      kind: whole(1),
      otherwise: "10000; with --trust-proxy: no limit",
      help: "channels that one address may create per hour",
    },
    {
      name: "key-ttl",
      kind: whole(1, undefined, "<seconds>"),
      preset: 86_400,
      help: "how long an idempotency key is remembered",
    },
    {
      name: "page-max-age",
      kind: whole(0, undefined, "<seconds>"),
      preset: 3_600,
      help: "how long caches may keep pages of history; 0 forbids it",
    },
  ],
  Limits: [
    { name: "heartbeat", kind: whole(1, 300, "<seconds>"), preset: 15, help: "longest silence of a stream" },
    { name: "max-wait", kind: whole(1, 3_600, "<seconds>"), preset: 60, help: "longest wait of a long poll" },
    { name: "max-limit", kind: whole(1), preset: 1_000, help: "largest number of messages in a page" },
    {
      name: "max-body",
      kind: whole(1, undefined, "<bytes>"),
      preset: 1_048_576,
      help: "largest body of a publish",
    },
    {
      name: "max-connections",
      kind: whole(1),
      preset: 50_000,
      help: "largest number of streams and held polls together",
    },
  ],
  Authorization: TOKEN_SETTINGS,
  Diagnostics: [
    {
      name: "logger",
      kind: choice("text", "json"),
      preset: "text",
      help: "how diagnostics are printed: lines of text, or JSON by pino",
    },
    {
      name: "logger-level",
      kind: choice("error", "warn", "info"),
      preset: "info",
      help: "the least important diagnostics to print",
    },
    {
      name: "access-logger",
      kind: SWITCH,
      help: "print a line for each request that has ended, without secrets",
    },
  ],
  Metrics: [
    { name: "metrics", kind: SWITCH, help: "answer /metrics for Prometheus, to everyone who can connect" },
    {
      name: "metrics-port",
      kind: whole(0, 65_535, "<number>"),
      help: "answer /metrics, /healthz and /readyz on a port of their own; 0 picks a free one",
    },
    {
      name: "metrics-host",
      kind: text("<address>"),
      preset: "127.0.0.1",
      help: "address for --metrics-port",
    },
    {
      name: "metrics-class",
      kind: list("<name=pattern>"),
      help: "classes of channels for metrics, such as orders=orders-*; the first that matches counts",
      check: (classes) => void new ChannelClasses(textsOf(classes)),
    },
  ],
  Traces: [
    {
      name: "traces",
      kind: SWITCH,
      help: "make a span of each call of the log, for the OpenTelemetry SDK that the process has loaded",
    },
  ],
};

/** All of them in one list. */
export const ALL_SETTINGS: readonly Setting[] = Object.values(SETTINGS).flat();

type Checked = Value | readonly Value[];

/** Check a value by making a server with it. */
function accepts(options: (texts: never) => TidemarkOptions): (value: Checked) => void {
  return (value) => void tidemark(new MemoryLog(), options(value as never));
}

function starOr(origins: readonly string[]): "*" | readonly string[] {
  return origins.length === 1 && origins[0] === "*" ? "*" : origins;
}

function textsOf(value: Checked): string[] {
  return [value].flat().map(String);
}
