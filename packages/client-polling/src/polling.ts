import { type Batch, type Connection, type Mechanism, requestPage } from "@tidemark/client-core/kit";

/** The poll interval if the server does not set one, in milliseconds. */
const INTERVAL_MS = 5_000;

/** Time limit for the head of an answer, in milliseconds. */
const TIMEOUT_MS = 30_000;

/** Reads by interval polling: request a page, yield it, wait, repeat. Spec: polling. */
export const polling: Mechanism = { name: "polling", open };

async function* open(connection: Connection): AsyncGenerator<Batch, number, void> {
  const { page } = await requestPage(
    connection,
    {},
    connection.session.options.connectTimeoutMs ?? TIMEOUT_MS,
  );
  yield page;
  return page.more ? 0 : (page.retry ?? INTERVAL_MS);
}
