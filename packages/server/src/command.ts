import { createRequire } from "node:module";
import { Command, InvalidArgumentError } from "commander";
import { addCheck } from "./check/add-check.ts";
import { addCopy } from "./copy/add-copy.ts";
import { DEFAULT_LOG } from "./logs/open-log.ts";
import { addPlayground } from "./playground/add-playground.ts";
import { type ServeFlags, type Started, startServing } from "./start-serving.ts";

const { version } = createRequire(import.meta.url)("../package.json") as { version: string };

/** The `tidemark` command. `started` is called with the server that `serve` runs, but not in a worker process. */
export function createCommand(started: (what: Started) => void): Command {
  const command = new Command("tidemark")
    .description(
      "Channels of messages with cursors over plain HTTP: polling, long polling, Server-Sent Events",
    )
    .version(version)
    .showHelpAfterError("(--help lists the commands and options)");
  addServe(command).action(async (flags: ServeFlags) => {
    const what = await startServing(flags);
    if (what) started(what);
  });
  addCopy(command);
  addCheck(command);
  addPlayground(command, between);
  return command;
}

function addServe(command: Command): Command {
  const serve = command
    .command("serve")
    .description("Serve channels until SIGINT or SIGTERM")
    .option("-p, --port <number>", "port to listen on; 0 picks a free one", between(0, 65_535), 3_000)
    .option("--host <address>", "address to listen on; 0.0.0.0 for every network", "127.0.0.1")
    .option("--path <pattern>", "URL path of the channels", "/channels/:channel")
    .option(
      "--log <name>",
      "where messages are kept: lmdb:directory, memory, redis://host:port, nats://host:port, or another scheme, package:… or ./module.mjs:… that has a log",
      DEFAULT_LOG,
    )
    .option(
      "--workers <n>",
      "processes that share the port, to use several cores; one that ends is restarted",
      between(1, 256),
      1,
    )
    .option("--read-only", "reject publishes")
    .option("--allow-remove", "accept DELETE, which removes a channel and its messages");
  addAccess(serve);
  addBounds(serve);
  addMetrics(serve);
  return addRetention(serve);
}

function addAccess(serve: Command): Command {
  return serve
    .option(
      "--cors-origin <origin...>",
      "origins whose pages may read, and publish unless --cors-write-origin is given (default: every origin may read, none may publish)",
    )
    .option(
      "--cors-write-origin <origin...>",
      "origins whose pages may publish, close and remove; '*' for every origin",
    )
    .option(
      "--cors-header <name...>",
      "further request header fields that pages may send, such as traceparent",
    )
    .option(
      "--host-name <name...>",
      "host names of the server, besides localhost and --host; a request with another Host gets 403",
    )
    .option("--trust-proxy", "accept any Host, for a server behind a proxy that checks it");
}

function addRetention(serve: Command): Command {
  return serve
    .option("--retain-messages <n>", "messages that each channel keeps", between(1), 100_000)
    .option("--retain-age <seconds>", "how long a message is kept (default: no limit)", between(1))
    .option("--retain-bytes <n>", "bytes that each channel keeps", between(1), 64 * 1_048_576)
    .option(
      "--max-channels <n>",
      "channels that the log keeps, if it can limit them (default of lmdb and memory: 100000)",
      between(1),
    )
    .option(
      "--max-bytes <n>",
      "bytes of all channels together, if the log can limit them (default of memory: a quarter of the heap limit)",
      between(1),
    )
    .option(
      "--max-new-channels <n>",
      "channels that one address may create per hour (default: 10000; with --trust-proxy: no limit)",
      between(1),
    )
    .option("--key-ttl <seconds>", "how long an idempotency key is remembered", between(1), 86_400)
    .option(
      "--page-max-age <seconds>",
      "how long caches may keep pages of history; 0 forbids it",
      between(0),
      3_600,
    );
}

function addBounds(serve: Command): Command {
  return serve
    .option("--heartbeat <seconds>", "longest silence of a stream", between(1, 300), 15)
    .option("--max-wait <seconds>", "longest wait of a long poll", between(1, 3_600), 60)
    .option("--max-limit <n>", "largest number of messages in a page", between(1), 1_000)
    .option("--max-body <bytes>", "largest body of a publish", between(1), 1_048_576)
    .option("--max-connections <n>", "largest number of streams and held polls together", between(1), 50_000)
    .option("--drain <seconds>", "on shutdown, end the streams spread over this time", between(0, 3_600), 5);
}

function addMetrics(serve: Command): Command {
  return serve
    .option("--metrics", "answer /metrics for Prometheus, to everyone who can connect")
    .option(
      "--metrics-port <number>",
      "answer /metrics, /healthz and /readyz on a port of their own; 0 picks a free one",
      between(0, 65_535),
    )
    .option("--metrics-host <address>", "address for --metrics-port", "127.0.0.1")
    .option(
      "--metrics-class <name=pattern...>",
      "classes of channels for metrics, such as orders=orders-*; the first that matches counts",
    );
}

/** Create a parser for whole numbers within bounds. */
function between(least: number, most: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    const bounds = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`Expected a whole number ${bounds}.`);
  };
}
