import type { Log, OpenLogOptions } from "@tidemark/log";
import { MemoryLog } from "@tidemark/log-memory";
import { throttledReport } from "@tidemark/server-core/node";
import { type Access, type AccessFlags, asksForTokens, corsOf, describeAccess } from "./access.ts";
import { type ListenOptions, listen, type RunningServer } from "./listen.ts";
import { jsonLogger, type Level, type Logger, textLogger } from "./logger/logger.ts";
import { type FoundLog, findLog } from "./logs/open-log.ts";
import { manage } from "./metrics/management-server.ts";
import type { Metrics } from "./metrics/metrics.ts";
import type { Page, Pages } from "./own-pages.ts";
import { channelPatterns } from "./patterns/channel-pattern.ts";
import { tidemark } from "./tidemark.ts";
import { tokens } from "./tokens/authorize-tokens.ts";
import { tracesOf } from "./traces/traces-of.ts";
import { startWorkers } from "./workers/primary.ts";
import { runWorker } from "./workers/worker.ts";

/** The settings of `tidemark serve`. */
export interface ServeFlags extends AccessFlags {
  readonly port: number;
  readonly path: string;
  readonly log: string;
  readonly workers: number;
  readonly retainMessages: number;
  readonly retainAge?: number;
  readonly retainBytes: number;
  readonly maxChannels?: number;
  readonly maxBytes?: number;
  readonly maxNewChannels?: number;
  readonly heartbeat: number;
  readonly maxWait: number;
  readonly maxLimit: number;
  readonly maxBody: number;
  readonly maxConnections: number;
  readonly keyTtl: number;
  readonly pageMaxAge: number;
  readonly corsHeader?: readonly string[];
  readonly drain: number;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly logger: "text" | "json";
  readonly loggerLevel: Level;
  readonly accessLogger?: boolean;
  readonly jwtIssuer?: string;
  readonly jwtAudience?: string;
  readonly jwtClockTolerance: number;
  readonly tokenCookie?: string;
  readonly metrics?: boolean;
  readonly metricsPort?: number;
  readonly metricsHost: string;
  readonly metricsClass?: readonly string[];
  readonly traces?: boolean;
}

/** The server that `serve` runs. */
export interface Started {
  readonly server: Pick<RunningServer, "url" | "close">;
  /** The address of the server for operators, without a path, if there is one. */
  readonly management: string | undefined;
  readonly logger: Logger;
  /** The time over which streams are ended on shutdown, in milliseconds. */
  readonly drainMs: number;
  /** A sentence for the operator: where messages are kept, and which failures they survive. */
  readonly keeps: string;
  /** Who may do what. */
  readonly access: Access;
}

/** Run as one of the workers, with the settings that the first process sends. */
export function serveAsWorker(): void {
  runWorker(async (settings) => {
    const flags = settings as ServeFlags;
    const metrics = await metricsOf(flags);
    return {
      ...listenOptions(flags, loggerOf(flags)),
      ...(metrics && { metrics }),
      ...(flags.metrics && { pages: {} }),
      ...(flags.traces && { trace: await tracesOf(() => undefined) }), // the first process has warned
      openLog: async () => {
        const found = await findLog(flags.log);
        return found.isShared ? found.open(logOptions(flags)) : undefined;
      },
      maxConnections: Math.ceil(flags.maxConnections / flags.workers),
      drainMs: flags.drain * 1_000,
    };
  });
}

/** Serve with these settings. Resolves when the server listens. */
export async function startServing(flags: ServeFlags): Promise<Started> {
  const drainMs = flags.drain * 1_000;
  const logger = loggerOf(flags);
  tidemark(new MemoryLog(), listenOptions(flags, logger)); // throws for an invalid option before the real log is opened
  const found = await findLog(flags.log);
  const { server, management } = await start(flags, found, logger);
  return {
    server,
    management,
    logger,
    drainMs,
    keeps: found.keeps,
    access: describeAccess(flags),
  };
}

/** The server, and the address of the server for operators. */
type Both = Pick<Started, "server" | "management">;

async function start(flags: ServeFlags, found: FoundLog, logger: Logger): Promise<Both> {
  const { workers } = flags;
  const isOpenedByWorkers = workers > 1 && found.isShared;
  const traces = flags.traces && { trace: await tracesOf((line) => logger.warn(line)) };
  const log = isOpenedByWorkers ? undefined : await found.open(logOptions(flags));
  const report = (line: string): void => logger.error(line);
  log?.onHealth?.(({ detail }) => report(detail)); // reported even if no client is connected
  if (workers === 1 && log !== undefined)
    return startAlone(flags, log, { ...listenOptions(flags, logger), ...traces });
  const server = await startWorkers({
    count: workers,
    listen: listenOptions(flags, logger),
    settings: flags,
    log,
    report,
  });
  return withManagement(flags, server, server.checks, server.scrape);
}

async function startAlone(flags: ServeFlags, log: Log, options: ListenOptions): Promise<Both> {
  const metrics = await metricsOf(flags);
  const scrape = async (): Promise<Page> => pageOf(metrics);
  const server = await listen(log, {
    ...options,
    ...(metrics && { metrics }),
    ...(flags.metrics && { pages: { metrics: scrape } }),
  });
  return withManagement(flags, server, server.checks, scrape);
}

/** Add the server for operators, which answers until the other one has closed. */
async function withManagement(
  { metricsPort, metricsHost }: ServeFlags,
  server: Started["server"],
  checks: Pages,
  scrape: () => Promise<Page>,
): Promise<Both> {
  if (metricsPort === undefined) return { server, management: undefined };
  const managing = await manage(metricsPort, metricsHost, { ...checks, metrics: scrape });
  const close: Started["server"]["close"] = async (options) => {
    await server.close(options);
    await managing.close();
  };
  return { server: { url: server.url, close }, management: managing.url };
}

/** Undefined if metrics are off. Then prom-client is not even loaded. */
async function metricsOf(flags: ServeFlags): Promise<Metrics | undefined> {
  if (!flags.metrics && flags.metricsPort === undefined) return undefined;
  const { Metrics } = await import("./metrics/metrics.ts");
  return new Metrics({ classes: flags.metricsClass ?? [] });
}

async function pageOf(metrics: Metrics | undefined): Promise<Page> {
  return { status: 200, type: metrics?.contentType ?? "text/plain", text: (await metrics?.text()) ?? "" };
}

function loggerOf({ logger, loggerLevel }: ServeFlags): Logger {
  return logger === "json" ? jsonLogger(loggerLevel) : textLogger(loggerLevel);
}

/** The limit of one worker. Behind a proxy all clients share its address, so there is no limit by default. */
function newChannelsOf({ maxNewChannels, trustProxy, workers }: ServeFlags): number | null {
  const all = maxNewChannels ?? (trustProxy ? null : 10_000);
  return all === null ? null : Math.ceil(all / workers);
}

function logOptions(flags: ServeFlags): OpenLogOptions {
  const { retainMessages, retainAge, retainBytes, keyTtl, maxChannels, maxBytes } = flags;
  return {
    ...(maxChannels !== undefined && { maxChannels }),
    ...(maxBytes !== undefined && { maxBytes }),
    retention: {
      maxMessages: retainMessages,
      maxAgeMs: retainAge === undefined ? null : retainAge * 1_000,
      maxBytes: retainBytes,
    },
    keyTtlMs: keyTtl * 1_000,
  };
}

function tlsOf({ tlsCert: cert, tlsKey: key }: ServeFlags): Pick<ListenOptions, "tls"> {
  if (cert !== undefined && key !== undefined) return { tls: { cert, key } };
  if (cert === undefined && key === undefined) return {};
  throw new Error("--tls-cert and --tls-key need each other");
}

/** What everybody may read, every cache may keep. Only then is there a function, since it turns off a fast path. */
function isPublicOf({ anonymousRead }: ServeFlags): { readonly isPublic?: (channel: string) => boolean } {
  return anonymousRead === undefined ? {} : { isPublic: channelPatterns(anonymousRead) };
}

function authorizeOf(flags: ServeFlags, logger: Logger): Pick<ListenOptions, "authorize"> {
  const { jwks, jwtSecret: secret, jwtSecretFile: secretFile, apiKeys, anonymousRead = [] } = flags;
  const { jwtIssuer: issuer, jwtAudience: audience, tokenCookie: cookie } = flags;
  if (!asksForTokens(flags)) {
    if (anonymousRead.length === 0) return {};
    throw new Error("--anonymous-read needs --jwks, --jwt-secret, --jwt-secret-file or --api-keys");
  }
  const authorize = tokens({
    ...(jwks !== undefined && { jwks }),
    ...(secret !== undefined && { secret }),
    ...(secretFile !== undefined && { secretFile }),
    ...(apiKeys !== undefined && { apiKeys }),
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
    ...(cookie !== undefined && { cookie }),
    anonymousRead,
    clockToleranceS: flags.jwtClockTolerance,
    onError: (error) => logger.error(error instanceof Error ? error.message : String(error)),
  });
  return { authorize };
}

function listenOptions(flags: ServeFlags, logger: Logger): ListenOptions {
  const { trustProxy, hostName = [], corsHeader = [], allowRemove = false } = flags;
  return {
    port: flags.port,
    host: flags.host,
    path: flags.path,
    maxLimit: flags.maxLimit,
    maxConnections: flags.maxConnections,
    maxNewChannelsPerHour: newChannelsOf(flags),
    cors: { ...corsOf(flags), headers: corsHeader },
    hosts: trustProxy ? null : hostName,
    polling: { maxAgeS: flags.pageMaxAge, ...isPublicOf(flags) },
    ...authorizeOf(flags, logger),
    ...(flags.accessLogger && { onAccess: (entry) => logger.access(entry) }),
    onError: throttledReport((text) => logger.error(text)),
    ...tlsOf(flags),
    longPolling: { maxWaitS: flags.maxWait },
    sse: { heartbeatS: flags.heartbeat },
    publishing: flags.readOnly
      ? null
      : { maxBodyBytes: flags.maxBody, keyTtlS: flags.keyTtl, remove: allowRemove },
  };
}
