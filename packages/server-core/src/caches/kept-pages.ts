import type { RawPage } from "@tidemark/protocol";

/** A page is kept while it is requested at least once in this time, in milliseconds. */
const WINDOW_MS = 1_000;
/** The most pages that are kept, and the most characters of all of them that have been read. */
const MAX_PAGES = 1_000;
const MAX_CHARS = 8 * 1024 * 1024;

interface Kept {
  readonly revision: string;
  readonly page: Promise<RawPage>;
  chars: number;
  /** Whether it was requested again in the current window. */
  isAsked: boolean;
}

/** Pages that serve all equal requests, as long as the log is at the revision at which they were read. */
export class KeptPages {
  readonly #pages = new Map<string, Kept>();
  #chars = 0;

  /** The page under `key` if it was, or is being, read at this revision; else the result of `read`. */
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
      () => this.#forget(key, kept), // the next read may succeed
    );
    const over = (): void => {
      if (this.#pages.get(key) !== kept) return;
      if (kept.isAsked) setTimeout(over, WINDOW_MS).unref();
      else this.#forget(key, kept);
      kept.isAsked = false;
    };
    setTimeout(over, WINDOW_MS).unref();
  }

  /** Count a page's characters, and drop the page if they are too many. */
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
