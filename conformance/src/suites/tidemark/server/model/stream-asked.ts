import type { StreamStep } from "./steps.ts";

/** A read by SSE, as it was requested. */
export interface StreamAsked {
  readonly position: string | undefined;
  /** The position is in `Last-Event-ID`. */
  readonly byHeader: boolean;
  /** It is no cursor, or it is there twice (SSE-RESUME-4). */
  readonly isMalformed: boolean;
  readonly filter: string | undefined;
  readonly ifGap: "start" | "end" | undefined;
  readonly http10: boolean;
}

/** What a step asks for at a position; a stream that is resumed has one position only. */
export function streamAsked(step: StreamStep, position: string | undefined): StreamAsked {
  const { by, at, event, gap, travel } = step;
  const byHeader = by !== "after" && by !== "empty" && position !== undefined;
  const isWord = position === "start" || position === "end";
  const isTwice = byHeader && by === "twice";
  return {
    position: isTwice ? `${position}, ${position}` : by === "both" && !byHeader ? "start" : position,
    byHeader,
    isMalformed: isTwice || (byHeader && (isWord || at.kind === "malformed")),
    filter: event,
    ifGap: gap,
    http10: travel === "1.0",
  };
}

/** The step that resumes a stream at its last id. */
export function resumed(step: StreamStep): StreamStep {
  return { ...step, at: { kind: "none" }, by: step.by === "twice" ? "header" : step.by, copies: 1 };
}
