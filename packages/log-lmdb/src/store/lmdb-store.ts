import { Buffer } from "node:buffer";
import { join } from "node:path";
import { type Database, open, type RootDatabase, type RootDatabaseOptions } from "lmdb";
import { makeDirectory } from "../make-directory.ts";
import { type ChannelKey, ChannelTable, channelKeys, newSecret } from "./channel-table.ts";
import { allocateLock, assertDataFile, DATA_FILE } from "./data-file.ts";
import { commitFailure, storageFull } from "./failure.ts";
import { KeyTable } from "./key-table.ts";
import { type MessageKey, MessageTable, messageKeys } from "./message-table.ts";

/** What an acknowledged append survives: the end of the process, or that of the machine too. */
export type Durability = "process" | "disk";

/** The bounds of an {@link LmdbStore}. */
export interface StoreOptions {
  readonly durability: Durability;
  readonly maxRemoved: number;
  readonly keyTtlMs: number;
}

/** How long a full disk is not tried again: each attempt costs as much as a success, and lmdb complains of it. */
const FULL_PAUSE_MS = 100;

/** How the data are laid out; another one does not open. */
const FORMAT = "1";

/** The databases of one directory. Reads see one state each turn; writes are done in {@link commit}. */
export class LmdbStore {
  readonly channels: ChannelTable;
  readonly messages: MessageTable;
  readonly keys: KeyTable;
  readonly #root: Root;
  readonly #directory: string;
  #fullUntilMs = 0;
  /** Incarnations that were removed and whose messages are still there. */
  readonly #garbage: Database<string, Buffer>;

  private constructor(root: Root, directory: string, { maxRemoved, keyTtlMs }: StoreOptions) {
    this.#root = root;
    this.#directory = directory;
    const table = (name: string): Database<string, Buffer> =>
      root.openDB<string, Buffer>(name, { encoding: "string", keyEncoding: "binary" });
    const named: RootDatabaseOptions = { encoding: "string", keyEncoder: channelKeys };
    const channels = root.openDB<string, ChannelKey>("channels", named);
    const removed = root.openDB<string, ChannelKey>("removed", named);
    this.channels = new ChannelTable({ channels, removed, meta: metaOf(root) }, maxRemoved);
    const numbered: RootDatabaseOptions = { encoding: "string", keyEncoder: messageKeys };
    this.messages = new MessageTable(root.openDB<string, MessageKey>("messages", numbered));
    this.keys = new KeyTable(table("keys"), table("expiry"), keyTtlMs);
    this.#garbage = table("garbage");
  }

  /** Open a directory, made if it is missing. @throws Error if what is there cannot be opened. */
  static async open(directory: string, options: StoreOptions): Promise<LmdbStore> {
    const { durability } = options;
    await assertDataFile(join(directory, DATA_FILE));
    await makeDirectory(directory);
    await allocateLock(directory);
    let root = openRoot(directory);
    try {
      prepare(root, directory, durability);
      if (durability === "disk") {
        // What another durability left was put in order so far; from now on nothing is seen before it is on the disk.
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
   * Do `work` in one transaction: all that it writes is stored, or nothing if it throws.
   *
   * Resolves when it is as durable as the store was opened for; until then no read sees it where that is `disk`.
   *
   * @throws ProtocolError `storage-full`, `unavailable`, if the transaction could not be stored
   */
  async commit(work: () => void): Promise<void> {
    if (performance.now() < this.#fullUntilMs) throw storageFull();
    try {
      await this.#root.childTransaction(work);
    } catch (error) {
      const failure = await commitFailure(error, this.#directory);
      if (failure.code === "storage-full") this.#fullUntilMs = performance.now() + FULL_PAUSE_MS;
      throw failure;
    }
  }

  /** Have the messages of an incarnation collected, bit by bit. */
  discard(incarnation: number): void {
    this.#garbage.putSync(idOf(incarnation), "1");
  }

  /** Delete up to `limit` messages of removed channels; false once there are none left. */
  collect(limit: number): boolean {
    const [id] = this.#garbage.getKeys({ limit: 1 });
    if (id === undefined) return false;
    if (!this.messages.removeSome(Buffer.from(id).readUIntBE(0, ID_BYTES), limit))
      this.#garbage.removeSync(id);
    return true;
  }

  async close(): Promise<void> {
    // Closing waits for the latest commit to be flushed, which one that failed never is: so that it is another.
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
 * With lmdb's overlapping syncs a commit is visible before it is on the disk, and a state that is wholly on the disk
 * stays beside it: that one is opened after a power loss, the latest after anything less.
 */
function openRoot(directory: string, options: RootDatabaseOptions = {}): Root {
  // Without `eventTurnBatching: false` a failed commit also rejects a promise that lmdb keeps to itself, which ends
  // the process.
  const fixed = { encoding: "string", noSubdir: false, eventTurnBatching: false, maxDbs: 16 } as const;
  return open<string, string>(directory, { ...fixed, ...options });
}

/** See that the layout is ours. Writes only what is another than before, so that a full disk opens too. */
function prepare(root: Root, directory: string, durability: Durability): void {
  const meta = metaOf(root);
  const format = meta.get("format");
  if (format !== undefined && format !== FORMAT) {
    throw new Error(`The log in ${directory} has format ${format}; this program reads ${FORMAT}`);
  }
  if (format === FORMAT && meta.get("durability") === durability) return;
  root.transactionSync(() => {
    meta.putSync("format", FORMAT);
    meta.putSync("durability", durability);
    if (format === undefined) meta.putSync("secret", newSecret());
  });
}

function metaOf(root: Root): Database<string, string> {
  return root.openDB<string, string>("meta", { encoding: "string" });
}
