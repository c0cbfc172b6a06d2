import type { Log, RetentionOptions } from "@tidemark/log";
import { MemoryLog } from "@tidemark/log-memory";

/** Options for every kind of log. */
export interface LogOptions {
  readonly retention: RetentionOptions;
  readonly keyTtlMs: number;
  /** The most channels that the log keeps, for logs that have such a limit. @defaultValue the log's own */
  readonly maxChannels?: number;
  /** The most bytes that the log keeps in all channels, for logs that have such a limit. @defaultValue the log's own */
  readonly maxBytes?: number;
  /** Whether to create a log on disk that does not exist. @defaultValue true */
  readonly create?: boolean;
}

/** Where `tidemark serve` keeps messages by default: on disk, in the working directory. */
export const DEFAULT_LOG = "lmdb:./tidemark-data";

/** A kind of log that can be opened by name. */
interface LogKind {
  readonly form: RegExp;
  /** Whether several processes can open it at the same time. */
  readonly isShared: boolean;
  readonly open: (name: string, options: LogOptions) => Promise<Log>;
  /** The engine's own setting that limits channels and bytes; present if they cannot be limited here. */
  readonly boundedBy?: string;
  /** A sentence that says where such a log keeps messages, and which failures they survive. */
  readonly describe: (name: string) => string;
}

const DURABILITY = "?durability=";

/** The logs that can be opened by name. Logs that need an engine are in separate packages, loaded on demand. */
const LOGS: readonly LogKind[] = [
  {
    form: /^memory$/,
    isShared: false,
    open: async (_, options) => new MemoryLog(options),
    describe: () =>
      `messages are kept in memory, until the process ends (--log ${DEFAULT_LOG} keeps them on disk)`,
  },
  {
    form: /^lmdb:[^?]+(\?durability=(process|disk))?$/,
    isShared: false,
    open: async (name, options) => {
      const { LmdbLog } = await import("@tidemark/log-lmdb");
      const { directory, durability } = lmdbOf(name);
      return LmdbLog.open(directory, { ...options, durability });
    },
    describe: (name) => {
      const { directory, durability } = lmdbOf(name);
      const survived = durability === "disk" ? "a power loss" : "kill -9, but not a power loss";
      return `messages are kept in ${directory}, and survive ${survived} (--log memory keeps none)`;
    },
  },
  {
    boundedBy: "maxmemory of Redis",
    form: /^rediss?(\+(sentinel|cluster))?:\/\//,
    isShared: true,
    open: async (url, options) =>
      (await installed("@tidemark/log-redis", () => import("@tidemark/log-redis"))).RedisLog.open(
        url,
        options,
      ),
    describe: (url) => `messages are kept in ${withoutUser(url)}`,
  },
  {
    boundedBy: "max_file_store of NATS, or max_bytes of a stream",
    form: /^(nats|tls):\/\//,
    isShared: true,
    open: async (url, options) =>
      (await installed("@tidemark/log-nats", () => import("@tidemark/log-nats"))).NatsLog.open(url, options),
    describe: (url) => `messages are kept in ${withoutUser(url)}`,
  },
];

function lmdbOf(name: string): { readonly directory: string; readonly durability: "process" | "disk" } {
  const [directory = "", durability] = name.slice("lmdb:".length).split(DURABILITY);
  return { directory, durability: durability === "disk" ? "disk" : "process" };
}

/** The URL without its user and password, which must not be printed. */
function withoutUser(url: string): string {
  return url.replace(/\/\/[^/]*@/, "//");
}

function kindOf(name: string): LogKind {
  const found = LOGS.find(({ form }) => form.test(name));
  if (found === undefined)
    throw new RangeError(`Unknown log ${name}: expected lmdb:directory, redis://…, nats://… or memory`);
  return found;
}

/** Whether this is a valid name of a log. */
export function isLogName(name: string): boolean {
  return LOGS.some(({ form }) => form.test(name));
}

/** Open the log of this name. Rejects with the reason if it cannot be opened. */
export async function openLog(name: string, options: LogOptions): Promise<Log> {
  const { boundedBy, open } = kindOf(name);
  if (boundedBy !== undefined && (options.maxChannels ?? options.maxBytes) !== undefined)
    throw new RangeError(
      `This log does not support --max-channels and --max-bytes: set ${boundedBy} instead`,
    );
  return open(name, options);
}

/** Whether several processes can open the log of this name at the same time. */
export function isShared(name: string): boolean {
  return kindOf(name).isShared;
}

/** A sentence for the operator: where the log of this name keeps messages, and which failures they survive. */
export function describeLog(name: string): string {
  return kindOf(name).describe(name);
}

/** Load an optional package. Rejects with the command that installs it if it is missing. */
async function installed<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
    if (!missing || !error.message.includes(`'${name}'`)) throw error;
    // The server too: `npx` runs it from a cache of its own, which does not see packages that are installed here.
    const fix = `npm install @tidemark/server ${name}`;
    throw new Error(`This log is a separate package. Install it: ${fix}`, { cause: error });
  }
}
