import type { Claims } from "@tidemark/protocol";
import type { Answer } from "./answer.ts";
import type { ChannelContext } from "./channel-context.ts";
import type { ChannelRequest, Visit } from "./channel-request.ts";

/** One way to use a channel: a plain function from request to answer, and the claims that describe it. */
export interface Mechanism {
  readonly name: "poll" | "long-poll" | "sse" | "publish";
  readonly methods: readonly string[];
  /** What it adds to the header field `Tidemark`, besides its name. */
  readonly claims: Partial<Claims>;
  /** Checks without the log and the body; run before the channel's existence is checked. @throws ProtocolError */
  admit?(visit: Visit): void;
  /** Whether a request with one of its methods is for this mechanism. The first mechanism that accepts answers. */
  accepts(request: ChannelRequest): boolean;
  /** Answer the request. @throws ProtocolError which is then sent as a problem */
  answer(request: ChannelRequest, channel: ChannelContext): Promise<Answer>;
}
