import { ProtocolError } from "@tidemark/protocol";
import { InterferenceError } from "../answer/interference.ts";

/** The refusal of a body that exceeds `limit` bytes. */
export function tooLarge(limit: number): ProtocolError {
  return new ProtocolError("too-large", `The body is too large: at most ${limit} bytes are allowed`, {
    members: { limit, unit: "bytes" },
  });
}

/** The refusal of a body whose client disconnected, or broke the rules of HTTP. */
export function endedEarly(cause?: unknown): ProtocolError {
  return new ProtocolError("invalid-body", "The body ended too early", { cause });
}

/** The failure for a body that other code has taken; `advice` says what that code can do instead. */
export function readBefore(advice: string): InterferenceError {
  return new InterferenceError(
    "body-read-before",
    `Other code, a body parser for example, read the body of a publish before Tidemark could, and ${advice}`,
  );
}
