import { performance } from "node:perf_hooks";
import { checkComplete, checkOrder, type OrderFault } from "../../engine/history/order.ts";
import { type Claim, claim } from "../../engine/model/claim.ts";

/** The number of a message in its feed, for people. */
export function numberOf(mark: string): string {
  return /n(\d+)y/.exec(mark)?.[1] ?? mark;
}

/** `1, 2, 4, 3`, with the place of a fault in the middle. */
export function shown(marks: readonly string[], around = 0): string {
  if (marks.length === 0) return "nothing";
  const from = Math.max(0, around - 4);
  const some = marks.slice(from, from + 9).map(numberOf);
  return `${from > 0 ? "…, " : ""}${some.join(", ")}${marks.length > from + 9 ? ", …" : ""}`;
}

/** What a reader should have got. */
export interface Due {
  /** The one order. */
  readonly order: readonly string[];
  /** How many of them are before its position. */
  readonly from?: number;
  /** How many of them have to have come. @defaultValue all */
  readonly to?: number;
}

/** How what a reader got differs from what was due; undefined if it does not. */
export function faultIn(
  got: readonly string[],
  { order, from = 0, to = order.length }: Due,
): OrderFault | undefined {
  return (
    checkOrder(order, from, got) ?? checkComplete(order, from, Math.max(to, from), got.slice(0, to - from))
  );
}

const WORDS = {
  lost: "is missing",
  repeated: "comes again",
  reordered: "is out of order",
  foreign: "is foreign",
};

/** A claim that one kind of fault did not happen. */
export function without(
  kinds: readonly OrderFault["kind"][],
  what: string,
  got: readonly string[],
  due: Due,
): Claim {
  const { order, from = 0, to = order.length } = due;
  const fault = faultIn(got, due);
  const isHere = fault !== undefined && kinds.includes(fault.kind);
  const wanted = shown(order.slice(from, to), fault?.at);
  const told = isHere
    ? `${shown(got, fault.at)}: ${numberOf(fault.id)} ${WORDS[fault.kind]}`
    : shown(got, fault?.at);
  const isOpen = isHere && fault.kind === "lost" && fault.at >= got.length;
  return { ...claim(!isHere, what, wanted, told), ...(isOpen ? stillToCome() : {}) };
}

/** How long was waited for what has not come. */
const WAITED_MS = 5_000;

/** What has not come could be on its way if this process stood still for most of the wait. */
export function stillToCome(): Pick<Claim, "timed" | "isDoubtful"> {
  const to = performance.now();
  return { timed: false, isDoubtful: (lagIn) => lagIn({ from: to - WAITED_MS, to }) > WAITED_MS / 2 };
}
