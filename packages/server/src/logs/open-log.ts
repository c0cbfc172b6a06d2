import type { CheckOptions, CheckReport, Log, LogPackage, OpenLogOptions } from "@tidemark/log";
import { withoutUser } from "@tidemark/log/parts";
import { type Candidate, candidatesOf, locate, searchedFolders } from "./find-package.ts";

/** Where `tidemark serve` keeps messages by default: on disk, in the working directory. */
export const DEFAULT_LOG = "lmdb:./tidemark-data";

/** A log that was found by its name and is not open yet. */
export interface FoundLog {
  /** Whether several processes can open the log at the same time. */
  readonly isShared: boolean;
  /** Whether messages outlive the process that opened the log. */
  readonly isLasting: boolean;
  /** A sentence for the operator: where messages are kept, and which failures they survive. */
  readonly keeps: string;
  readonly open: (options: OpenLogOptions) => Promise<Log>;
  /** Undefined if such logs cannot be checked. */
  readonly check: ((options: CheckOptions) => Promise<CheckReport>) | undefined;
}

/**
 * Find the package of a log by its name, in the folder of this package and in the working directory, and load it.
 *
 * @throws Error that names the packages that were looked for, and how to install one
 */
export async function findLog(name: string): Promise<FoundLog> {
  const candidates = candidatesOf(name);
  const notes: string[] = [];
  for (const candidate of candidates) {
    const code = locate(candidate.specifier, searchedFolders());
    if (code === undefined) notes.push(`${candidate.specifier} (not installed)`);
    else {
      const loaded = (await import(code)) as Partial<LogPackage>;
      if (typeof loaded.openLog === "function") return foundIn(loaded as LogPackage, candidate);
      notes.push(`${candidate.specifier} (exports no openLog)`);
    }
  }
  throw new Error(notFound(name, candidates, notes));
}

/** Find the log of this name, and open it. Rejects with the reason if it cannot be opened. */
export async function openLog(name: string, options: OpenLogOptions): Promise<Log> {
  return (await findLog(name)).open(options);
}

function foundIn(loaded: LogPackage, { name }: Candidate): FoundLog {
  const { isShared = false, isLasting = true, keeps } = loaded.describeLog?.(name) ?? {};
  const { checkLog } = loaded;
  return {
    isShared,
    isLasting,
    keeps: keeps ?? `messages are kept in ${withoutUser(name)}`,
    open: (options) => loaded.openLog(name, options),
    check: checkLog && ((options) => checkLog(name, options)),
  };
}

function notFound(name: string, candidates: readonly Candidate[], notes: readonly string[]): string {
  const [first] = candidates;
  const looked = `Unknown log ${withoutUser(name)}. Looked for ${notes.join(", ")}`;
  if (first === undefined || /^[./]/.test(first.specifier))
    return `${looked}. The module has to export openLog(name, options).`;
  // The server too: `npx` runs it from a cache of its own, with other versions than those that are installed here.
  return `${looked}. Install the log's package, for example: npm install @tidemark/server ${first.specifier}`;
}
