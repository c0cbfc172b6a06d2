import { withQuery } from "../../../../engine/wire/channel.ts";
import type { Exchange } from "../../../../engine/wire/exchange.ts";
import { type Page, readPage } from "../../read/page.ts";
import { CannotJudge, type Fault } from "./fault.ts";
import type { Table } from "./table.ts";

/** Retention may drop less than it was asked to: take the oldest message that is left, if it is one that may stay. */
export async function lookAfterTrim(
  table: Table,
  step: { readonly channel: 0 | 1 },
  keep: number,
): Promise<void> {
  const log = table.log(step);
  const { first, count, epoch } = log.now;
  const { page } = await look(table, step.channel, { after: "start", limit: 1 });
  const oldest = page.messages[0] && log.locate(page.messages[0].cursor);
  const kept = oldest?.epoch === epoch ? count - oldest.index + 1 : 0;
  log.trim(kept > keep && count - kept >= first ? kept : keep);
}

/** A server that keeps few messages drops the oldest ones at a publish: take what is left. */
export async function lookAfterOverflow(table: Table, step: { readonly channel: 0 | 1 }): Promise<void> {
  const log = table.log(step);
  const { first, count, epoch } = log.now;
  const { page } = await look(table, step.channel, { after: "start", limit: 1 });
  const oldest = page.messages[0] && log.locate(page.messages[0].cursor);
  if (oldest?.epoch === epoch && oldest.index - 1 > first) log.trim(count - oldest.index + 1);
}

/** How long a server may take to answer again. */
const RESTART_LIMIT_MS = 30_000;

/**
 * After a restart, either everything is as before, or the channel is a new one. Fails if something in between is
 * the case.
 */
export async function lookAfterRestart(table: Table): Promise<void> {
  const begun = performance.now();
  for (;;) {
    const { url } = table.tools.channels[0];
    const exchange = table.sender.send({ url: withQuery(url, { after: "end" }) }, "close");
    await exchange.done(RESTART_LIMIT_MS);
    if (exchange.status !== undefined && exchange.status < 500) break;
    if (performance.now() - begun > RESTART_LIMIT_MS) throw new CannotJudge("no answer after the restart");
    table.tools.signal.throwIfAborted();
    await table.rest(20);
  }
  await lookAt(table, 0);
  await lookAt(table, 1);
}

async function lookAt(table: Table, channel: 0 | 1): Promise<void> {
  const log = table.logs[channel];
  const { first, count, epoch, closed } = log.now;
  const { page: start } = await look(table, channel, { after: "start", limit: 1 });
  const { page: end, exchange } = await look(table, channel, { after: "end" });
  const known = log.cursorAt(epoch, count);
  const survived =
    count > first
      ? start.messages[0]?.cursor === epoch.messages[first]?.cursor
      : known === end.cursor && (end.closed === true) === closed;
  if (!survived) {
    const old = start.messages[0] && log.locate(start.messages[0].cursor);
    if (old || (count > first && end.cursor === known))
      table.report(
        mixed("the oldest message", epoch.messages[first]?.cursor, start.messages[0]?.cursor),
        exchange,
      );
    return log.begin();
  }
  if (known !== undefined && end.cursor !== known)
    table.report(mixed("the end of the channel, whose oldest message survived", known, end.cursor), exchange);
  if ((end.closed === true) !== closed)
    table.report(
      mixed("`closed`, while the messages survived", String(closed), String(end.closed ?? false)),
      exchange,
    );
}

function mixed(what: string, expected: string | undefined, actual: string | undefined): Fault {
  return {
    requirement: "CORE-CHANNEL-4",
    what: `${what}, after a restart`,
    expected: `${expected ?? "absent"}, or a new epoch`,
    actual: actual ?? "absent",
  };
}

async function look(
  table: Table,
  channel: 0 | 1,
  query: Readonly<Record<string, string | number>>,
): Promise<{ readonly page: Page; readonly exchange: Exchange }> {
  const url = withQuery(table.tools.channels[channel].url, query);
  const exchange = await table.whole(table.sender.send({ url }, "close"));
  const page = readPage(exchange);
  if (typeof page === "string") throw new CannotJudge(`no page after a fault was provoked: ${page}`);
  return { page, exchange };
}
