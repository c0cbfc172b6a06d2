import { isCursor } from "@tidemark/protocol";
import { atUrl } from "./mutant.ts";

/** A suffix that makes a cursor different in each answer, so that the client cannot recognize it. */
const MARK = /\.~\d+$/;
const CURSOR = "[\\w.~-]{1,200}";

const IN_PAGES = new RegExp(`("cursor":")(${CURSOR})(?=")`, "g");
const OF_PAGES = new RegExp(`("cursor":")(${CURSOR})(?=","more")`, "g");
const IN_STREAMS = new RegExp(`^(id: ?)(${CURSOR})$`, "gm");

/** The mark of this answer. */
export function markOf(answers: number): string {
  return `.~${answers}`;
}

/** The text of a page or a stream with every cursor marked. */
export function markAll(text: string, mark: string): string {
  return [IN_PAGES, IN_STREAMS].reduce((marked, place) => markAt(marked, place, mark), text);
}

/** The text of a page with its own cursor marked, and not those of its messages. */
export function markPage(text: string, mark: string): string {
  return markAt(text, OF_PAGES, mark);
}

/** Invalid cursors stay as they are: a mark would make them valid. */
function markAt(text: string, place: RegExp, mark: string): string {
  return text.replace(place, (whole, before: string, cursor: string) =>
    isCursor(cursor) ? `${before}${cursor}${mark}` : whole,
  );
}

/** The same request without the mark, because the server does not know it. */
export function unmarked(input: Parameters<typeof fetch>[0]): URL {
  return atUrl(input, ({ searchParams }) => {
    const after = searchParams.get("after");
    if (after !== null) searchParams.set("after", after.replace(MARK, ""));
  });
}
