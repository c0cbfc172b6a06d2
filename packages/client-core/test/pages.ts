// The smallest mechanism: it requests a page, then the next one at once.
import type { Mechanism } from "../src/loop/mechanism.ts";
import { requestPage } from "../src/network/request-page.ts";

export const pages: Mechanism = {
  name: "pages",
  async *open(connection) {
    const { page } = await requestPage(connection, {}, 1_000);
    yield page;
    return page.retry ?? 0;
  },
};
