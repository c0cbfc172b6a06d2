import type { Exchange } from "../../../../engine/wire/exchange.ts";
import { jsonEqual, parseJson } from "../../../../engine/wire/json.ts";
import type { PublishAsked, Terms } from "./asked.ts";
import type { Epoch, KeyedPublish } from "./log-state.ts";

/** What the server may know of the key of a publish. */
export interface KnownKey {
  readonly first: KeyedPublish;
  /**
   * It knows the key; or, after its time, it may have forgotten it; or the bytes differ but say the same, which it may
   * take as another publish.
   */
  readonly mayBe: "known" | "forgotten" | "another";
}

/** A key is remembered for so much of its time at least, and can be for longer. */
const SURE_SHARE = 0.95;

/** The first publish with the key in this epoch. */
export function knownKey(
  { step, body, members, at }: PublishAsked,
  { keys }: Epoch,
  { keyTtlS }: Terms,
): KnownKey | undefined {
  const first = step.key === undefined ? undefined : keys.get(step.key);
  if (!first) return undefined;
  if (at - first.at > (keyTtlS ?? 0) * 1_000 * SURE_SHARE) return { first, mayBe: "forgotten" };
  const isRespelled = !sameBytes(first.body, body) && first.members === members;
  return { first, mayBe: isRespelled ? "another" : "known" };
}

/** Whether an answer is the first one again. */
export function isReplay(exchange: Exchange, { answer }: KeyedPublish): boolean {
  return jsonEqual(answer, parseJson(exchange.text) ?? null);
}

/** Whether two bodies are equal. */
export function sameBytes(a: string | Uint8Array, b: string | Uint8Array): boolean {
  return String(a) === String(b);
}
