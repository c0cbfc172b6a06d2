import { withQuery } from "../../../../engine/wire/channel.ts";
import type { Exchange } from "../../../../engine/wire/exchange.ts";
import { member, parseJson } from "../../../../engine/wire/json.ts";
import { readPage } from "../../read/page.ts";
import { CannotJudge, type Fault } from "./fault.ts";
import { answerPublish } from "./publish-answer.ts";
import type { BurstStep } from "./steps.ts";
import type { Posted, Table } from "./table.ts";

/**
 * Publish at the same time. The log decides the order of the successes; each refusal has to fit at some moment between
 * them.
 */
export async function playBurst(table: Table, { posts, pauseMs, channel }: BurstStep): Promise<void> {
  const posted: Posted[] = [];
  for (const step of posts) {
    if (pauseMs > 0 && posted.length > 0) await table.rest(pauseMs);
    posted.push(table.post({ ...step, channel }));
  }
  for (const { exchange } of posted) await table.whole(exchange);
  const order = await orderOf(table, channel);
  const place = ({ exchange }: Posted): number => {
    const [first] = cursorsOf(exchange);
    const found = order.indexOf(first ?? "");
    return found === -1 ? Number.POSITIVE_INFINITY : found;
  };
  const isDone = ({ exchange }: Posted): boolean => exchange.status === 200 || exchange.status === 201;
  const done = posted.filter(isDone).sort((a, b) => place(a) - place(b));
  await judge(
    table,
    channel,
    done,
    posted.filter((one) => !isDone(one)),
  );
}

async function judge(
  table: Table,
  channel: 0 | 1,
  done: readonly Posted[],
  refused: readonly Posted[],
): Promise<void> {
  const log = table.logs[channel];
  const unexplained = new Map<Posted, Fault | undefined>(refused.map((one) => [one, undefined]));
  const explain = (): void => {
    for (const one of [...unexplained.keys()]) {
      const isRunning =
        one.exchange.status === 409 &&
        one.step.key !== undefined &&
        one.exchange.header("retry-after") !== undefined;
      const fault = isRunning ? undefined : answerPublish(one.exchange, one, log, table.terms);
      if (fault) unexplained.set(one, fault);
      else unexplained.delete(one);
    }
  };
  explain();
  for (const one of done) {
    table.report(answerPublish(one.exchange, one, log, table.terms), one.exchange);
    explain();
  }
  for (const [one, fault] of unexplained) table.report(fault, one.exchange);
}

function cursorsOf(exchange: Exchange): readonly string[] {
  const cursors = member(parseJson(exchange.text), "cursors");
  return Array.isArray(cursors) ? cursors.map(String) : [];
}

/** The most pages that are read to learn the order. */
const MAX_PAGES = 60;

/** The cursors after what the model knows, as the log shows them. */
async function orderOf(table: Table, channel: 0 | 1): Promise<readonly string[]> {
  const { now } = table.logs[channel];
  const known = table.logs[channel].cursorAt(now.epoch, now.count);
  const order: string[] = [];
  let after = known ?? "start";
  for (let at = 0; at < MAX_PAGES; at += 1) {
    const url = withQuery(table.tools.channels[channel].url, { after });
    const page = readPage(await table.whole(table.sender.send({ url }, "close")));
    if (typeof page === "string") throw new CannotJudge(`no page after concurrent posts: ${page}`);
    order.push(...page.messages.map(({ cursor }) => cursor));
    if (!page.more || page.cursor === after) return order;
    after = page.cursor;
  }
  return order;
}
