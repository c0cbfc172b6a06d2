import { ConnectionError } from "@tidemark/client-core";
import { decode } from "@tidemark/client-core/kit";
import { isCursor, type Published } from "@tidemark/protocol";

/** Read the answer to a publish; members that are not known are ignored. Throws a ConnectionError if it is none. */
export function readPublished(text: string): Published {
  const { cursors, cursor, closed } = Object(decode(() => JSON.parse(text), "an answer that is no JSON"));
  if (!Array.isArray(cursors) || !cursors.every(isCursorText) || !isCursorText(cursor))
    throw new ConnectionError("cut", "an answer that tells no cursors");
  return { cursors, cursor, ...(closed === true ? { closed } : {}) };
}

function isCursorText(value: unknown): value is string {
  return typeof value === "string" && isCursor(value);
}
