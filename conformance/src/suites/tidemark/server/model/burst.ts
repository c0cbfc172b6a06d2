import { withQuery } from "../../../../engine/wire/channel.ts";
import type { Exchange } from "../../../../engine/wire/exchange.ts";
import { member, parseJson } from "../../../../engine/wire/json.ts";
import { readPage } from "../../read/page.ts";
import { CannotJudge, type Fault } from "./fault.ts";
import type { Player } from "./player.ts";
import { answerPublish } from "./publish-answer.ts";
import type { BurstStep, PublishStep } from "./steps.ts";

interface Posted {
  readonly step: PublishStep;
  readonly exchange: Exchange;
  readonly body: string;
  readonly after: string | undefined;
}

/**
 * Publish at the same time. The log decides the order of the successes; each refusal has to fit at some moment between
 * them.
 */
export async function playBurst(player: Player, { posts, pauseMs, channel }: BurstStep): Promise<void> {
  const posted: Posted[] = [];
  for (const step of posts) {
    if (pauseMs > 0 && posted.length > 0) await player.rest(pauseMs);
    posted.push({ step, ...player.post({ ...step, channel }) });
  }
  for (const { exchange } of posted) await player.whole(exchange);
  const order = await orderOf(player, channel);
  const place = ({ exchange }: Posted): number => {
    const [first] = cursorsOf(exchange);
    const found = order.indexOf(first ?? "");
    return found === -1 ? Number.POSITIVE_INFINITY : found;
  };
  const isDone = ({ exchange }: Posted): boolean => exchange.status === 200 || exchange.status === 201;
  const done = posted.filter(isDone).sort((a, b) => place(a) - place(b));
  await judge(
    player,
    channel,
    done,
    posted.filter((one) => !isDone(one)),
  );
}

async function judge(
  player: Player,
  channel: 0 | 1,
  done: readonly Posted[],
  refused: readonly Posted[],
): Promise<void> {
  const log = player.logs[channel];
  const unexplained = new Map<Posted, Fault | undefined>(refused.map((one) => [one, undefined]));
  const explain = (): void => {
    for (const one of [...unexplained.keys()]) {
      const isRunning =
        one.exchange.status === 409 &&
        one.step.key !== undefined &&
        one.exchange.header("retry-after") !== undefined;
      const fault = isRunning ? undefined : answerPublish(one.exchange, one, log, player.terms);
      if (fault) unexplained.set(one, fault);
      else unexplained.delete(one);
    }
  };
  explain();
  for (const one of done) {
    player.report(answerPublish(one.exchange, one, log, player.terms), one.exchange);
    explain();
  }
  for (const [one, fault] of unexplained) player.report(fault, one.exchange);
}

function cursorsOf(exchange: Exchange): readonly string[] {
  const cursors = member(parseJson(exchange.text), "cursors");
  return Array.isArray(cursors) ? cursors.map(String) : [];
}

/** The most pages that are read to learn the order. */
const MAX_PAGES = 60;

/** The cursors after what the model knows, as the log shows them. */
async function orderOf(player: Player, channel: 0 | 1): Promise<readonly string[]> {
  const { now } = player.logs[channel];
  const known = player.logs[channel].cursorAt(now.epoch, now.count);
  const order: string[] = [];
  let after = known ?? "start";
  for (let at = 0; at < MAX_PAGES; at += 1) {
    const url = withQuery(player.tools.channels[channel].url, { after });
    const page = readPage(await player.whole(player.sender.send({ url }, "close")));
    if (typeof page === "string") throw new CannotJudge(`no page after concurrent posts: ${page}`);
    order.push(...page.messages.map(({ cursor }) => cursor));
    if (!page.more || page.cursor === after) return order;
    after = page.cursor;
  }
  return order;
}
