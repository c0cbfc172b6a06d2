import { ConnectionError } from "@tidemark/client-core";
import { fileStore } from "@tidemark/client-core/file-store";
import { readEventStream } from "@tidemark/client-sse/event-stream";
import type { Followed } from "./follow-channel.ts";
import { printMessage } from "./print-lines.ts";
import type { FollowArguments } from "./read-arguments.ts";
import { describeRetry, type Say } from "./say.ts";

/** Print the events of an event stream of any server until it ends. */
export async function followStream(args: FollowArguments, signal: AbortSignal, say: Say): Promise<Followed> {
  const { url, headers, giveUpAfterMs, once } = args;
  const store = args.store === undefined ? undefined : fileStore(args.store);
  let place = (await store?.load()) ?? idOf(args, say);
  let wasOpen = false;
  const events = readEventStream(url, {
    ...{ headers, signal },
    ...(giveUpAfterMs !== undefined && { giveUpAfterMs }),
    ...(place !== undefined && { lastEventId: place }),
    ...(once && { repeat: false }),
    onAnswer({ ok }) {
      wasOpen ||= ok;
    },
    onRetry(retry) {
      const { error } = retry;
      if (!wasOpen && error instanceof ConnectionError && error.failure === "unreachable") throw error;
      say(describeRetry(retry));
    },
  });
  for await (const { id, event, data } of events) {
    await printMessage({ id, event, data }, args, signal);
    if (id !== "" && id !== place) await store?.save(id);
    if (id !== "") place = id;
  }
  return { place };
}

function idOf({ from }: FollowArguments, say: Say): string | undefined {
  if (from !== "start" && from !== "end") return from;
  say(`--from ${from}: this stream begins where its server begins it`);
  return undefined;
}
