import { type Page, parsePage, type ReadParameters } from "@tidemark/protocol";
import { readText } from "./body.ts";
import { decode } from "./broken.ts";
import type { Connection } from "./connection.ts";
import { ConnectionError } from "./errors.ts";
import type { Batch } from "./mechanism.ts";

/** An answered poll. The page has no cursor if the answer was `204`: an empty page of a closed channel. */
export interface PageAnswer {
  readonly page: Batch & Pick<Page, "more">;
  readonly headers: Headers;
}

/**
 * Ask for a page, whose head may take `headMs` milliseconds; what comes after that is progress. Throws as
 * {@link Connection.request}, and a ConnectionError if it is not a page.
 */
export async function requestPage(
  connection: Connection,
  parameters: ReadParameters,
  headMs: number,
): Promise<PageAnswer> {
  const response = await connection.request(parameters, "application/json", headMs);
  const { status, headers } = response;
  const text = await readText(response, connection.watch);
  connection.session.bytes += text.length;
  if (status === 204) return { page: { messages: [], more: false, closed: true }, headers };
  const page = decode(() => parsePage(text), "an answer that is no page");
  if (page.more && page.cursor === connection.position)
    throw new ConnectionError("misplaced", "a page that says `more`, but its cursor has not moved");
  return { page, headers };
}
