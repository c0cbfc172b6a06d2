import { type Log, MemoryLog, type RetentionOptions } from "@tidemark/log";

/** What every log is told. */
export interface LogOptions {
  readonly retention: RetentionOptions;
  readonly keyTtlMs: number;
  /** Channels that the log keeps, at most; for logs that have such a bound. @defaultValue the log's own */
  readonly maxChannels?: number;
  /** Bytes that the log keeps together, at most; for logs that have such a bound. @defaultValue the log's own */
  readonly maxBytes?: number;
  /** Whether a log on disk is made where there is none. @defaultValue true */
  readonly create?: boolean;
}

/** Where `tidemark serve` keeps messages unless it is told: on disk, below the folder that it is started in. */
export const DEFAULT_LOG = "lmdb:./tidemark-data";

/** A kind of log that a server can be given by name. */
interface LogKind {
  readonly form: RegExp;
  /** Whether any number of processes can open it at once. */
  readonly isShared: boolean;
  readonly open: (name: string, options: LogOptions) => Promise<Log>;
  /** What bounds the channels and bytes of all such logs together, if it is set in the engine and not here. */
  readonly boundedBy?: string;
  /** Where such a log keeps messages, and what they outlive. */
  readonly describe: (name: string) => string;
}

const DURABILITY = "?durability=";

/** The logs that a server can be given by name; those that need an engine are packages of their own. */
const LOGS: readonly LogKind[] = [
  {
    form: /^memory$/,
    isShared: false,
    open: async (_, options) => new MemoryLog(options),
    describe: () => `messages are kept in memory, until it ends (--log ${DEFAULT_LOG} keeps them on disk)`,
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
      const outlived = durability === "disk" ? "a power loss" : "kill -9, not a power loss";
      return `messages are kept in ${directory}, and outlive ${outlived} (--log memory keeps none)`;
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

/** A URL without its user and password, which are nobody's business. */
function withoutUser(url: string): string {
  return url.replace(/\/\/[^/]*@/, "//");
}

function kindOf(name: string): LogKind {
  const found = LOGS.find(({ form }) => form.test(name));
  if (found === undefined) throw new RangeError(`There is no log of the name ${name}`);
  return found;
}

/** Whether a log can have this name. */
export function isLogName(name: string): boolean {
  return LOGS.some(({ form }) => form.test(name));
}

/** Open the log of this name. Rejects with what kept it from opening. */
export async function openLog(name: string, options: LogOptions): Promise<Log> {
  const { boundedBy, open } = kindOf(name);
  if (boundedBy !== undefined && (options.maxChannels ?? options.maxBytes) !== undefined)
    throw new RangeError(`This log has no --max-channels and no --max-bytes: set ${boundedBy} instead`);
  return open(name, options);
}

/** Whether any number of processes can open the log of this name at once. */
export function isShared(name: string): boolean {
  return kindOf(name).isShared;
}

/** A sentence for people: where the log of this name keeps messages, and what they outlive. */
export function describeLog(name: string): string {
  return kindOf(name).describe(name);
}

/** A package that comes with the server only if it was asked for. */
async function installed<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
    if (!missing || !error.message.includes(`'${name}'`)) throw error;
    // Beside the server, not instead of it: `npx` has a folder of its own for what is not installed here.
    const fix = `npm install @tidemark/server ${name}`;
    throw new Error(`This log is a package of its own: ${fix}`, { cause: error });
  }
}
