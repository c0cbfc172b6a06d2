import { type Batch, type Connection, type Mechanism, requestPage } from "@tidemark/client-core/kit";

/** When to come again if the server does not say, in milliseconds. */
const INTERVAL_MS = 5_000;

/** How long the head of an answer may take, in milliseconds. */
const TIMEOUT_MS = 30_000;

/** Reading by interval polling: ask, take the page, come again. Spec: polling. */
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
