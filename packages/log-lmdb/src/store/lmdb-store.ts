import { Buffer } from "node:buffer";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { open, type RootDatabase, type RootDatabaseOptions } from "lmdb";
import { assertIntact, IS_LAYOUT_KNOWN } from "../check/assert-intact.ts";
import { makeDirectory } from "../make-directory.ts";
import type { ChannelState } from "./channel-state.ts";
import { type ChannelKey, ChannelTable, newSecret } from "./channel-table.ts";
import { FIRST_BYTES } from "./checked-table.ts";
import { allocateLock, DATA_FILE, isDataFile } from "./data-file.ts";
import { adviceOf, commitFailure } from "./failure.ts";
import { KeyTable } from "./key-table.ts";
import { LogClock } from "./log-clock.ts";
import { MessageTable } from "./message-table.ts";
import { Reserve } from "./reserve.ts";
import { openMeta, openTables, type Tables } from "./tables.ts";

/** What an acknowledged append survives: the end of the process, or also of the machine. */
export type Durability = "process" | "disk";

/** The bounds of an {@link LmdbStore}. */
export interface StoreOptions {
  readonly durability: Durability;
  readonly maxRemoved: number;
  /** The bounds on the number of channels and the bytes of all their messages. */
  readonly maxChannels?: number;
  readonly maxBytes?: number;
  readonly keyTtlMs: number;
}

/** The format of the data; others do not open. Format 1 had no checksums and was never published. */
const FORMAT = "2";

/** The databases of one directory. Reads of one turn see one state; writes happen in {@link commit}. */
export class LmdbStore {
  readonly channels: ChannelTable;
  readonly messages: MessageTable;
  readonly keys: KeyTable;
  readonly tables: Tables;
  readonly clock: LogClock;
  readonly #root: Root;
  readonly #directory: string;
  /** Absent if this code cannot read the file layout. */
  readonly #reserve: Reserve | undefined;

  private constructor(root: Root, directory: string, { keyTtlMs, ...bounds }: StoreOptions) {
    this.#root = root;
    this.#directory = directory;
    this.#reserve = IS_LAYOUT_KNOWN ? new Reserve(join(directory, DATA_FILE)) : undefined;
    const tables = openTables(root);
    this.tables = tables;
    this.clock = new LogClock(tables.meta.get("clock"));
    this.channels = new ChannelTable(tables, bounds);
    this.messages = new MessageTable(tables.messages);
    this.keys = new KeyTable(tables.keys, tables.expiry, keyTtlMs);
  }

  /** Open a directory, creating it if needed. @throws Error if its files cannot be opened. */
  static async open(directory: string, options: StoreOptions): Promise<LmdbStore> {
    const { durability } = options;
    const path = join(directory, DATA_FILE);
    const isThere = await isDataFile(path, directory);
    if (isThere) await assertIntact(path, directory);
    await makeDirectory(directory);
    await allocateLock(directory);
    let root = isThere ? openRoot(directory) : await createRoot(directory, path);
    try {
      prepare(root, directory, durability);
      if (durability === "disk") {
        // The first opening recovered the file. From now on no read sees a commit before it is on disk.
        await root.close();
        root = openRoot(directory, { overlappingSync: false });
      }
      return new LmdbStore(root, directory, options);
    } catch (error) {
      await root.close();
      throw error;
    }
  }

  /**
   * Run `work` in one transaction: everything that it writes is stored, or nothing if it throws.
   *
   * Resolves when the commit has the store's durability. With `disk`, no read sees the commit before that.
   *
   * @throws ProtocolError `storage-full` or `unavailable` if the transaction could not be stored
   */
  async commit(work: () => void): Promise<void> {
    const anchor = this.clock.anchor();
    try {
      await this.#root.childTransaction(() => {
        work();
        if (anchor !== undefined) this.tables.meta.put("clock", anchor);
      });
      if (anchor !== undefined) this.clock.written();
      this.channels.usage.settle();
    } catch (error) {
      this.channels.usage.undo();
      throw await commitFailure(error, this.#directory);
    }
  }

  /** Whether a commit may add `bytes` without using the reserve for removals on a full disk. */
  hasRoom(bytes: number): boolean {
    return this.#reserve?.hasRoom(bytes) ?? true;
  }

  /** Give an unwritten channel a number and store its name. */
  begin(channel: ChannelKey, state: ChannelState): ChannelState {
    const begun = this.channels.number(channel, state);
    if (state.incarnation === 0) this.messages.name(begun.incarnation, channel);
    return begun;
  }

  /** Mark an incarnation, so that its messages are deleted in steps. */
  discard(incarnation: number): void {
    this.tables.garbage.put(idOf(incarnation), "1");
  }

  /** Whether an incarnation is marked for deletion. */
  isDiscarded(incarnation: number): boolean {
    return this.tables.garbage.peek(idOf(incarnation)) !== undefined;
  }

  /** Delete up to `limit` messages of removed channels; false once there are none left. */
  collect(limit: number): boolean {
    const [id] = this.tables.garbage.keys<Uint8Array>({ start: FIRST_BYTES, limit: 1 });
    if (id === undefined) return false;
    if (!this.messages.removeSome(Buffer.from(id).readUIntBE(0, ID_BYTES), limit))
      this.tables.garbage.remove(id);
    return true;
  }

  async close(): Promise<void> {
    // Closing waits for a flush of the latest commit, which never comes if that commit failed. So make
    // another commit.
    this.#reserve?.close();
    await this.#root.transaction(() => {});
    await this.#root.close();
  }
}

type Root = RootDatabase<string, string>;

const ID_BYTES = 6;

function idOf(incarnation: number): Buffer {
  const bytes = Buffer.alloc(ID_BYTES);
  bytes.writeUIntBE(incarnation, 0, ID_BYTES);
  return bytes;
}

/**
 * Open the databases.
 *
 * With lmdb's overlapping syncs, a commit is visible before it is on disk, and lmdb also keeps the last state
 * that is entirely on disk. After a power loss lmdb opens that state, otherwise the latest one.
 */
function openRoot(directory: string, options: RootDatabaseOptions = {}): Root {
  // Without `eventTurnBatching: false` a failed commit also rejects an internal promise of lmdb, which ends
  // the process.
  const fixed = { encoding: "string", noSubdir: false, eventTurnBatching: false, maxDbs: 16 } as const;
  return open<string, string>(directory, { ...fixed, ...options });
}

/** Create the databases. A file that a full disk truncated is deleted. */
async function createRoot(directory: string, path: string): Promise<Root> {
  try {
    return openRoot(directory);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** Verify the format. Writes only what has changed, so that a log on a full disk opens too. */
function prepare(root: Root, directory: string, durability: Durability): void {
  const meta = openMeta(root);
  const format = meta.peek("format");
  if (format !== undefined && format !== FORMAT) throw new Error(formatFailure(root, directory));
  if (format === FORMAT && meta.get("durability") === durability) return;
  root.transactionSync(() => {
    meta.put("format", FORMAT);
    meta.put("durability", durability);
    if (format === undefined) meta.put("secret", newSecret());
  });
}

/**
 * The error text for an unreadable format: the older one, whose records had no checksums, or a damaged one.
 */
function formatFailure(root: Root, directory: string): string {
  const older = root.openDB<string, string>("meta", { encoding: "string" }).get("format");
  if (older !== "1") return `The log in ${directory} is damaged. ${adviceOf(directory)}`;
  return (
    `The log in ${directory} has format 1, of a version before the first release; this program reads ${FORMAT}. ` +
    'Copy it with "tidemark copy" of that version to a log in Redis or NATS, and back with this one; or remove it.'
  );
}
