import { Buffer } from "node:buffer";
import { type Database, open, type RootDatabase, type RootDatabaseOptions } from "lmdb";
import { ChannelTable, newSecret } from "./channel-table.ts";
import { commitFailure } from "./failure.ts";
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

/** How the data are laid out; another one does not open. */
const FORMAT = "1";

/** The databases of one directory. Reads see one state each turn; writes are done in {@link commit}. */
export class LmdbStore {
  readonly channels: ChannelTable;
  readonly messages: MessageTable;
  readonly keys: KeyTable;
  readonly #root: RootDatabase<string, string>;
  /** Incarnations that were removed and whose messages are still there. */
  readonly #garbage: Database<string, Buffer>;

  /** Open a directory, made if it is missing. @throws Error if what is there cannot be opened. */
  constructor(directory: string, { durability, maxRemoved, keyTtlMs }: StoreOptions) {
    // With overlapping syncs a commit is visible before it is on the disk, and a state that is wholly on the disk
    // stays beside it: that one is opened after a power loss, the latest after anything less.
    const sync = durability === "disk" ? { overlappingSync: false } : {};
    this.#root = open<string, string>(directory, {
      encoding: "string",
      noSubdir: false,
      maxDbs: 16,
      ...sync,
    });
    const table = (name: string): Database<string, Buffer> =>
      this.#root.openDB<string, Buffer>(name, { encoding: "string", keyEncoding: "binary" });
    const meta = this.#root.openDB<string, string>("meta", { encoding: "string" });
    prepare(this.#root, meta);
    this.channels = new ChannelTable(
      { channels: table("channels"), removed: table("removed"), meta },
      maxRemoved,
    );
    const numbered: RootDatabaseOptions = { encoding: "string", keyEncoder: messageKeys };
    this.messages = new MessageTable(this.#root.openDB<string, MessageKey>("messages", numbered));
    this.keys = new KeyTable(table("keys"), table("expiry"), keyTtlMs);
    this.#garbage = table("garbage");
  }

  /**
   * Do `work` in one transaction: all that it writes is stored, or nothing if it throws.
   *
   * Resolves when it is as durable as the store was opened for; until then no read sees it where that is `disk`.
   *
   * @throws ProtocolError `storage-full`, `unavailable`, if the transaction could not be stored
   */
  async commit(work: () => void): Promise<void> {
    try {
      await this.#root.childTransaction(work);
    } catch (error) {
      throw await commitFailure(error);
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
    await this.#root.close();
  }
}

const ID_BYTES = 6;

function idOf(incarnation: number): Buffer {
  const bytes = Buffer.alloc(ID_BYTES);
  bytes.writeUIntBE(incarnation, 0, ID_BYTES);
  return bytes;
}

/** See that the layout is ours, and that there is a secret. */
function prepare(root: RootDatabase<string, string>, meta: Database<string, string>): void {
  const format = meta.get("format");
  if (format === FORMAT) return;
  if (format !== undefined)
    throw new Error(`The log on disk has format ${format}; this program reads ${FORMAT}`);
  root.transactionSync(() => {
    meta.putSync("format", FORMAT);
    meta.putSync("secret", newSecret());
  });
}
