import { utf8 } from "../../../../engine/wire/bytes.ts";
import { type Answer, beginStream } from "../answers.ts";
import type { ClientContext } from "../client-context.ts";

/** A stream that sends its second part only after the first one has had its effect. */
export interface TwoParts {
  readonly head: string;
  /** The rest is sent once this holds: an HTTP library may drop bytes that a cut follows closely. */
  readonly isDue: () => boolean;
  readonly rest?: Uint8Array;
  readonly ending: "clean" | "cut";
}

/** A stream in two parts. If the test ends before the second part, the stream is reset. */
export function twoParts(t: ClientContext, { head, isDue, rest, ending }: TwoParts): Answer {
  return (reply) => {
    beginStream(reply);
    reply.chunk(utf8(head));
    const goOn = (): void => {
      if (rest) reply.chunk(rest);
      if (ending === "clean") reply.end();
      else reply.cut();
    };
    t.until(isDue).then(goOn, () => reply.reset());
  };
}
