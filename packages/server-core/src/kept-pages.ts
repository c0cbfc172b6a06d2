import type { RawPage } from "@tidemark/protocol";

/** A page is kept as long as it is asked for again in this time. */
const WINDOW_MS = 1_000;
/** So many pages are kept at once at most, and of those that are read so many characters. */
const MAX_PAGES = 1_000;
const MAX_CHARS = 8 * 1024 * 1024;

interface Kept {
  readonly revision: string;
  readonly page: Promise<RawPage>;
  chars: number;
  /** In the present window. */
  isAsked: boolean;
}

/** Pages that serve all who ask for the same, as long as the log has the revision at which they were read. */
export class KeptPages {
  readonly #pages = new Map<string, Kept>();
  #chars = 0;

  /** The page under `key` if it was read, or is being read, at this revision; else what `read` brings. */
  get(key: string, revision: string, read: () => Promise<RawPage>): Promise<RawPage> {
    const known = this.#pages.get(key);
    if (known?.revision === revision) {
      known.isAsked = true;
      return known.page;
    }
    this.#forget(key, known);
    const page = read();
    if (this.#pages.size < MAX_PAGES) this.#keep(key, { revision, page, chars: 0, isAsked: false });
    return page;
  }

  #keep(key: string, kept: Kept): void {
    this.#pages.set(key, kept);
    kept.page.then(
      (page) => this.#weigh(key, kept, page),
      () => this.#forget(key, kept), // the log may be reached again
    );
    const over = (): void => {
      if (this.#pages.get(key) !== kept) return;
      if (kept.isAsked) setTimeout(over, WINDOW_MS).unref();
      else this.#forget(key, kept);
      kept.isAsked = false;
    };
    setTimeout(over, WINDOW_MS).unref();
  }

  /** What would be too much is not kept. */
  #weigh(key: string, kept: Kept, { messages }: RawPage): void {
    if (this.#pages.get(key) !== kept) return;
    kept.chars = messages.reduce((sum, { json }) => sum + json.length, 0);
    this.#chars += kept.chars;
    if (this.#chars > MAX_CHARS) this.#forget(key, kept);
  }

  #forget(key: string, kept: Kept | undefined): void {
    if (kept === undefined || this.#pages.get(key) !== kept) return;
    this.#pages.delete(key);
    this.#chars -= kept.chars;
  }
}
