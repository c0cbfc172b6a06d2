import { ConnectionError } from "@tidemark/client-core";
import { decode } from "@tidemark/client-core/kit";
import { isCursor, type Published } from "@tidemark/protocol";

/** Parse the answer to a publish; ignores unknown members. Throws a ConnectionError if it is invalid. */
export function readPublished(text: string): Published {
  const { cursors, cursor, closed } = Object(decode(() => JSON.parse(text), "the answer is not JSON"));
  if (!Array.isArray(cursors) || !cursors.every(isCursorText) || !isCursorText(cursor))
    throw new ConnectionError("cut", "the answer has no valid cursors");
  return { cursors, cursor, ...(closed === true ? { closed } : {}) };
}

function isCursorText(value: unknown): value is string {
  return typeof value === "string" && isCursor(value);
}
