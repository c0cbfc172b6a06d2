import type { AppendOptions, LogHealth, ReadOptions } from "@tidemark/log";
import { type Position, type ProblemCode, ProtocolError, type RawDraft } from "@tidemark/protocol";

/** What a worker asks of the log that the primary process holds. */
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
  /** Its `id` is the watch's from then on. */
  | { readonly method: "watch"; readonly channel: string }
  | { readonly method: "unwatch"; readonly watch: number }
);

/** What comes back: one answer for each call, and wake-ups at any time. */
export type LogReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: Failure }
  | { readonly wake: number }
  /** Whether the log can be used: at first, and at each change. */
  | { readonly health: LogHealth };

/** An error on its way between processes. */
export type Failure =
  | {
      readonly code: ProblemCode;
      readonly detail: string;
      readonly members: Readonly<Record<string, unknown>>;
      readonly retryAfterS: number | undefined;
    }
  | { readonly name: string; readonly message: string };

/** What can be sent of an error. */
export function toFailure(error: unknown): Failure {
  if (error instanceof ProtocolError) {
    const { code, detail, members, retryAfterS } = error;
    return { code, detail, members, retryAfterS };
  }
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: "Error", message: String(error) };
}

/** The error that a failure was. */
export function toError(failure: Failure): Error {
  if (!("code" in failure))
    return failure.name === "RangeError" ? new RangeError(failure.message) : new Error(failure.message);
  const { code, detail, members, retryAfterS } = failure;
  return new ProtocolError(code, detail, { members, ...(retryAfterS !== undefined && { retryAfterS }) });
}
