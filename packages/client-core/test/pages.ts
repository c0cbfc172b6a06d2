// The smallest mechanism: a page, and the next one at once.
import type { Mechanism } from "../src/mechanism.ts";

export const pages: Mechanism = {
  name: "pages",
  async *open(connection) {
    const { page } = await connection.requestPage({}, 1_000);
    yield page;
    return page.retry ?? 0;
  },
};
