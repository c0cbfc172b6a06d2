import { utf8 } from "../../engine/wire/bytes.ts";
import type { HeaderLines } from "../../engine/wire/headers.ts";
import type { Answer, StreamEnding } from "../tidemark/client/answers.ts";
import { type Fragmentation, fragment } from "../tidemark/client/fragment.ts";

/** How a plain stream is written. */
interface PlainStyle {
  readonly ending?: StreamEnding;
  readonly how?: Fragmentation;
  readonly random?: () => number;
  readonly status?: number;
  /** `null`: no media type. */
  readonly type?: string | null;
}

/** A stream of a server that knows nothing of Tidemark. */
export function plain(bytes: string | Uint8Array, style: PlainStyle = {}): Answer {
  const { ending = "clean", how = "whole", random = Math.random, status = 200 } = style;
  const { type = "text/event-stream" } = style;
  const parts = fragment(typeof bytes === "string" ? utf8(bytes) : bytes, how, random);
  const typed: HeaderLines = type === null ? [] : [["Content-Type", type]];
  return (reply) => {
    reply.begin(status, [...typed, ["Cache-Control", "no-store"]]);
    void reply.chunks(parts).then(() => {
      if (ending === "clean") reply.end();
      if (ending === "cut") reply.cut();
    });
  };
}

/** `204`: there is no more. */
export const gone: Answer = (reply) => reply.whole(204, [["Cache-Control", "no-store"]]);

/** A refusal. */
export function refusal(status: number, headers: HeaderLines = []): Answer {
  return (reply) => reply.whole(status, [["Content-Type", "text/plain"], ...headers], "refused\n");
}

/** A redirect to a URL. */
export function redirect(status: number, location: string): Answer {
  return (reply) => reply.whole(status, [["Location", location]]);
}

/** No answer: the connection is closed. */
export const closed: Answer = (reply) => reply.cut();

/** No answer: the connection is reset. */
export const reset: Answer = (reply) => reply.reset();
