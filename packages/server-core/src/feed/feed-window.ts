import type { Cursor, RawPage } from "@tidemark/protocol";

/** How much a feed keeps for readers that are slightly behind it. */
const WINDOW_MESSAGES = 1_000;
const WINDOW_CHARACTERS = 256 * 1024;

/** The newest pages that a feed has read. Each begins where the one before ended. */
export class FeedWindow {
  readonly #pages: RawPage[] = [];
  #messages = 0;
  #characters = 0;

  /** Add a page that begins where the last one ended. Drops the oldest pages to make room, but never the newest. */
  push(page: RawPage): void {
    this.#pages.push(page);
    this.#count(page, 1);
    while (this.#pages.length > 1 && this.#isFull()) {
      const oldest = this.#pages.shift();
      if (oldest) this.#count(oldest, -1);
    }
  }

  /** The messages after `cursor` as one page; undefined if the window does not reach back to it. */
  after(cursor: Cursor): RawPage | undefined {
    for (let index = this.#pages.length - 1; index >= 0; index--) {
      const found = suffixOf(this.#pages[index], cursor);
      if (found) return this.#pages.slice(index + 1).reduce(join, found);
    }
    return undefined;
  }

  #isFull(): boolean {
    return this.#messages > WINDOW_MESSAGES || this.#characters > WINDOW_CHARACTERS;
  }

  #count(page: RawPage, sign: 1 | -1): void {
    this.#messages += sign * page.messages.length;
    for (const { json } of page.messages) this.#characters += sign * json.length;
  }
}

/** The part of a page after `cursor`. A whole page stays the same object, so that its cached encodings are used. */
function suffixOf(page: RawPage | undefined, cursor: Cursor): RawPage | undefined {
  if (!page || page.from === cursor) return page;
  const index = page.messages.findIndex((message) => message.cursor === cursor);
  return index < 0 ? undefined : { ...page, from: cursor, messages: page.messages.slice(index + 1) };
}

function join(first: RawPage, second: RawPage): RawPage {
  return { ...second, from: first.from, messages: [...first.messages, ...second.messages] };
}
