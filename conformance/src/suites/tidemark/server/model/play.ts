import { NotOffered } from "../../../../engine/drive/control.ts";
import { DriverError } from "../../../../engine/drive/driver.ts";
import type { Exchange } from "../../../../engine/wire/exchange.ts";
import { CannotJudge, type Fault, Found } from "./fault.ts";
import { Player } from "./player.ts";
import type { History, HistoryStep } from "./steps.ts";
import { type PlayTools, Table } from "./table.ts";

/** How a history ended: every answer was right, to its end or until its time was over; one was not; or nothing follows. */
export type Played =
  | { readonly kind: "passed" }
  | { readonly kind: "cut" }
  | {
      readonly kind: "failed";
      readonly fault: Fault;
      readonly step: number;
      readonly exchange: Exchange | undefined;
      /** The step that sent the blamed request. */
      readonly origin: HistoryStep | undefined;
    }
  | { readonly kind: "undecided"; readonly why: string };

/** Play a history on unused channels. */
export async function play(history: History, tools: PlayTools): Promise<Played> {
  const table = new Table(tools);
  const player = new Player(table);
  let at = 0;
  try {
    for (const step of history) {
      tools.signal.throwIfAborted();
      if (tools.isOver?.()) break;
      table.sender.step = step;
      await player.step(step);
      at += 1;
    }
    await player.finish();
    return { kind: at < history.length ? "cut" : "passed" };
  } catch (error) {
    if (tools.signal.aborted) return { kind: "undecided", why: "stopped" };
    if (error instanceof Found)
      return {
        kind: "failed",
        fault: error.fault,
        step: Math.min(at, history.length - 1),
        exchange: error.exchange,
        origin: table.sender.originOf(error.exchange),
      };
    if (error instanceof CannotJudge || error instanceof DriverError || error instanceof NotOffered)
      return { kind: "undecided", why: error.message };
    throw error;
  } finally {
    table.sender.end();
  }
}
