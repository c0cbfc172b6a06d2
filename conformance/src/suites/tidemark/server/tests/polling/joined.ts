import { same, sameList } from "../../../../../engine/model/claim.ts";
import { cursorsOf, endOf, record } from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";

const FILLED = 7;

/** Reading on by the cursors of the pages themselves, as clients do. */
export const joinedTests: readonly TestDefinition[] = [
  {
    id: "server/polling/pages-join-by-their-own-cursors",
    title:
      "A reader that continues from the cursor of each limited page gets every message once and in order",
    requirements: ["POLL-PAGE-2", "POLL-PAGE-3"],
    needs: ["poll", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const before = await endOf(t, channel);
      const all = cursorsOf(await record(t, channel, FILLED, before));
      for (const limit of [2, 3]) {
        const read: string[] = [];
        let after = before;
        for (let pages = 0; pages <= FILLED && read.length < 2 * FILLED; pages += 1) {
          const page = await t.page(channel, { after, limit });
          read.push(...cursorsOf(page.messages));
          const last = page.messages.at(-1)?.cursor ?? after;
          t.check("POLL-PAGE-3", same(`\`cursor\` of a page with limit=${limit}`, page.cursor, last));
          if (!page.more) break;
          after = page.cursor;
        }
        t.check("POLL-PAGE-2", sameList(`the messages of all pages with limit=${limit}`, read, all));
      }
    },
  },
];
