import { type Log, MemoryLog, type RetentionOptions } from "@tidemark/log";

/** What every log is told. */
export interface LogOptions {
  readonly retention: RetentionOptions;
  readonly keyTtlMs: number;
}

/** The logs that a server can be given by name; all but the one in memory are packages of their own. */
const LOGS: readonly {
  readonly form: RegExp;
  readonly open: (name: string, options: LogOptions) => Promise<Log>;
}[] = [
  { form: /^memory$/, open: async (_, options) => new MemoryLog(options) },
  {
    form: /^lmdb:[^?]+(\?durability=(process|disk))?$/,
    open: async (name, options) => {
      const { LmdbLog } = await installed("@tidemark/log-lmdb", () => import("@tidemark/log-lmdb"));
      const [directory = "", durability] = name.slice("lmdb:".length).split("?durability=");
      return LmdbLog.open(directory, { ...options, durability: durability === "disk" ? "disk" : "process" });
    },
  },
  {
    form: /^rediss?:\/\//,
    open: async (url, options) =>
      (await installed("@tidemark/log-redis", () => import("@tidemark/log-redis"))).RedisLog.open(
        url,
        options,
      ),
  },
];

/** Whether a log can have this name. */
export function isLogName(name: string): boolean {
  return LOGS.some(({ form }) => form.test(name));
}

/** Open the log of this name. Rejects with what kept it from opening. */
export async function openLog(name: string, options: LogOptions): Promise<Log> {
  const found = LOGS.find(({ form }) => form.test(name));
  if (found === undefined) throw new RangeError(`There is no log of the name ${name}`);
  return found.open(name, options);
}

/** A package that comes with the server only if it was asked for. */
async function installed<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
    if (!missing || !error.message.includes(`'${name}'`)) throw error;
    throw new Error(`This log is a package of its own: npm install ${name}`, { cause: error });
  }
}
