import type { Cursor, RawPage } from "@tidemark/protocol";

/** How many pages are remembered, and of how many characters together. */
const MAX_PAGES = 64;
const MAX_CHARACTERS = 4 * 1_024 * 1_024;

/**
 * What was read of a log while it did not change: many who come back at once, as after a restart, stand at few
 * positions, and each position is read once. Whoever owns it forgets all at every change.
 */
export class RecentReads {
  readonly #pages = new Map<Cursor, RawPage>();
  #characters = 0;

  after(cursor: Cursor): RawPage | undefined {
    return this.#pages.get(cursor);
  }

  remember(page: RawPage): void {
    if (this.#pages.has(page.from) || this.#pages.size >= MAX_PAGES) return;
    const characters = page.messages.reduce((sum, { json }) => sum + json.length, 0);
    if (this.#characters + characters > MAX_CHARACTERS) return;
    this.#characters += characters;
    this.#pages.set(page.from, page);
  }

  forget(): void {
    if (this.#pages.size === 0) return;
    this.#pages.clear();
    this.#characters = 0;
  }
}
