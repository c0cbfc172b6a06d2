import { hearing } from "../peer/change-answers.ts";
import { logging } from "../peer/change-log.ts";
import { both, type Parts } from "../peer/parts.ts";
import type { Mutant } from "./mutant.ts";

type Heard = Parameters<Parameters<typeof hearing>[1]>[0];

const hasMessages = (news: Heard): boolean => news.type === "page" && news.page.messages.length > 0;

const isClosed = (news: Heard): boolean => news.type === "page" && news.page.messages.length === 0;

const isOver = (news: Heard): boolean => news.type !== "page" && news.type !== "tick";

/** Servers whose readers wake up only because something else happens: beside other tests, nobody notices. */
export const quietMutants: readonly Mutant[] = [
  {
    id: "hold-wakes-with-the-next-publish",
    title: "wakes a held request only with the next publish to any channel",
    breaks: ["LP-WAIT-1"],
    ...latelyHeard("long-poll", hasMessages),
  },
  {
    id: "stream-wakes-with-the-next-publish",
    title: "sends a live message only with the next publish to any channel",
    breaks: ["SSE-MESSAGE-2"],
    ...latelyHeard("sse", hasMessages),
  },
  {
    id: "closing-wakes-with-the-next-publish",
    title: "tells held requests that the channel has closed only with the next publish to any channel",
    breaks: ["LP-NOW-3"],
    ...latelyHeard("long-poll", isClosed),
  },
  {
    id: "removal-wakes-with-the-next-publish",
    title: "ends streams of a removed channel only with the next publish to any channel",
    breaks: ["SSE-END-3"],
    ...latelyHeard("sse", isOver),
  },
];

/** Hold back some news until something is published to any channel. */
function latelyHeard(name: "long-poll" | "sse", isLate: (news: Heard) => boolean): Parts {
  let waiting: (() => void)[] = [];
  const nextPublish = (): Promise<void> => new Promise((wake) => waiting.push(wake));
  return both(
    logging((log) => ({
      async append(channel, drafts, options) {
        const woken = waiting;
        waiting = [];
        const done = await log.append(channel, drafts, options);
        for (const wake of woken) wake();
        return done;
      },
    })),
    hearing([name], async (news) => {
      if (isLate(news)) await nextPublish();
      return news;
    }),
  );
}
