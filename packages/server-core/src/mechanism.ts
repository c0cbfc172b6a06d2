import type { Claims } from "@tidemark/protocol";
import type { Answer } from "./answer.ts";
import type { ChannelContext } from "./channel-context.ts";
import type { ChannelRequest, Visit } from "./channel-request.ts";

/** One way to use a channel: a plain function from request to answer, and what it claims to offer. */
export interface Mechanism {
  readonly name: "poll" | "long-poll" | "sse" | "publish";
  readonly methods: readonly string[];
  /** What it adds to the header field `Tidemark`, beside its name. */
  readonly claims: Partial<Claims>;
  /** Checks that need neither the log nor the body; run before the channel's existence is looked at. @throws ProtocolError */
  admit?(visit: Visit): void;
  /** Whether a request by one of its methods is for this mechanism; the first that accepts answers. */
  accepts(request: ChannelRequest): boolean;
  /** @throws ProtocolError what the rim then tells as a problem */
  answer(request: ChannelRequest, channel: ChannelContext): Promise<Answer>;
}
