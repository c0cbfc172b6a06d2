import type { AppendOptions, LogHealth, ReadOptions } from "@tidemark/log";
import { type Position, type ProblemCode, ProtocolError, type RawDraft } from "@tidemark/protocol";

/** A call from a worker to the log that the primary process holds. */
export type LogCall = { readonly id: number } & (
  | {
      readonly method: "append";
      readonly channel: string;
      readonly drafts: readonly RawDraft[];
      readonly options: AppendOptions;
    }
  | {
      readonly method: "read";
      readonly channel: string;
      readonly from: Position;
      readonly options: ReadOptions;
    }
  | { readonly method: "remove"; readonly channel: string }
  /** The call's `id` identifies the watch afterwards. */
  | { readonly method: "watch"; readonly channel: string }
  | { readonly method: "unwatch"; readonly watch: number }
);

/** From the primary process to a worker: one answer for each call, and wake-ups at any time. */
export type LogReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: Failure }
  | { readonly wake: number }
  /** Whether the log can be used: sent at the start, and at each change. */
  | { readonly health: LogHealth };

/** An error in a form that can be sent between processes. */
export type Failure =
  | {
      readonly code: ProblemCode;
      readonly detail: string;
      readonly members: Readonly<Record<string, unknown>>;
      readonly retryAfterS: number | undefined;
    }
  | { readonly name: string; readonly message: string };

/** Convert an error to a form that can be sent. */
export function toFailure(error: unknown): Failure {
  if (error instanceof ProtocolError) {
    const { code, detail, members, retryAfterS } = error;
    return { code, detail, members, retryAfterS };
  }
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: "Error", message: String(error) };
}

/** Convert a received failure back to an error. */
export function toError(failure: Failure): Error {
  if (!("code" in failure))
    return failure.name === "RangeError" ? new RangeError(failure.message) : new Error(failure.message);
  const { code, detail, members, retryAfterS } = failure;
  return new ProtocolError(code, detail, { members, ...(retryAfterS !== undefined && { retryAfterS }) });
}
