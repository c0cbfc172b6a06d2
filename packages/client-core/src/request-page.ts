import { type Page, parsePage, type ReadParameters } from "@tidemark/protocol";
import { readText } from "./body.ts";
import { decode } from "./broken.ts";
import type { Connection } from "./connection.ts";
import { ConnectionError, TooLargeError } from "./errors.ts";
import type { Batch } from "./mechanism.ts";

/** So many bytes a page may have beside one message of the largest size. Ask for smaller pages by `limit`. */
const SPARE_BYTES = 64 * 1024 * 1024;

/** An answered poll. The page has no cursor if the answer was `204`: an empty page of a closed channel. */
export interface PageAnswer {
  readonly page: Batch & Pick<Page, "more">;
  readonly headers: Headers;
}

/**
 * Ask for a page, whose head may take `headMs` milliseconds; what comes after that is progress. Throws as
 * {@link Connection.request}, a ConnectionError if it is not a page, and a TooLargeError if its first message is.
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
  const page = decode(() => parsePage(text), "an answer that is no page");
  if (page.more && page.cursor === position)
    throw new ConnectionError("misplaced", "a page that says `more`, but its cursor has not moved");
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

/** As much of a page as comes before its first message that is too large; throws if that is the first of all. */
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
