import { type Page, parsePage, type ReadParameters } from "@tidemark/protocol";
import { ConnectionError, TooLargeError } from "../errors/errors.ts";
import type { Batch } from "../loop/batch.ts";
import { readText } from "./body.ts";
import { decode } from "./broken.ts";
import type { Connection } from "./connection.ts";

/** How many bytes a page may have beside one message of the largest size. `limit` makes pages smaller. */
const SPARE_BYTES = 64 * 1024 * 1024;

/** The answer to a poll. After a `204` (an empty page of a closed channel) the page has no cursor. */
export interface PageAnswer {
  readonly page: Batch & Pick<Page, "more">;
  readonly headers: Headers;
}

/**
 * Request a page; the head of the answer has to arrive within `headMs` milliseconds. Throws the errors of
 * {@link Connection.request}, a ConnectionError if the answer is not a page, and a TooLargeError if the first
 * message is too large.
 */
export async function requestPage(
  connection: Connection,
  parameters: ReadParameters,
  headMs: number,
): Promise<PageAnswer> {
  const { session, position } = connection;
  const response = await connection.request(parameters, "application/json", headMs);
  const { status, headers } = response;
  const text = await readBody(connection, response);
  session.bytes += text.length;
  if (status === 204) return { page: { messages: [], more: false, closed: true }, headers };
  const page = decode(() => parsePage(text), "the answer is not a page");
  if (page.more && page.cursor === position)
    throw new ConnectionError("misplaced", "the page says `more`, but its cursor has not moved");
  return { page: text.length > session.maxMessageBytes ? fit(page, connection) : page, headers };
}

async function readBody({ session, position, watch }: Connection, response: Response): Promise<string> {
  const { maxMessageBytes } = session;
  const maxBytes = maxMessageBytes + SPARE_BYTES;
  try {
    return await readText(response, watch, maxBytes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new TooLargeError(undefined, maxBytes, maxMessageBytes, position);
  }
}

/** The part of a page before its first oversized message; throws if that is the page's first message. */
function fit(page: Page, { session, position }: Connection): Page {
  const { maxMessageBytes } = session;
  for (const [index, { cursor, data }] of page.messages.entries()) {
    const size = JSON.stringify(data).length;
    if (size <= maxMessageBytes) continue;
    const last = page.messages[index - 1];
    if (last === undefined) throw new TooLargeError(cursor, size, maxMessageBytes, position);
    const { gap } = page;
    return { messages: page.messages.slice(0, index), cursor: last.cursor, more: true, ...(gap && { gap }) };
  }
  return page;
}
