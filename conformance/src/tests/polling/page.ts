import { same, sameList } from "../../model/claim.ts";
import type { TestDefinition } from "../../run/definition.ts";

/** Tests of the page, as polling answers it. */
export const pageTests: readonly TestDefinition[] = [
  {
    id: "server/polling/page-holds-what-follows",
    title: "A page holds the messages after its position, in order, and the cursor of the last",
    requirements: ["POLL-PAGE-2", "POLL-PAGE-3"],
    needs: ["poll", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const all = await t.fill(channel, 3);
      const page = await t.page(channel, { after: all[0]?.cursor ?? "" });
      const cursors = page.messages.map(({ cursor }) => cursor);
      t.check(
        "POLL-PAGE-2",
        sameList(
          "cursors after the first message",
          cursors,
          all.slice(1, 1 + cursors.length).map(({ cursor }) => cursor),
        ),
      );
      t.check("POLL-PAGE-3", same("the page's cursor", page.cursor, cursors.at(-1)));
    },
  },
];
