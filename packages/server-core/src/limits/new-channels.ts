import type { Log } from "@tidemark/log";
import { ProtocolError } from "@tidemark/protocol";
import { Allowances, payerOf } from "./allowances.ts";

/** The most channels that are remembered as existing. For others the log is read. */
const MAX_KNOWN = 100_000;

/** Limits how many channels one client creates, so that it cannot use up the room of all others. */
export class NewChannels {
  readonly #log: Pick<Log, "read">;
  readonly #allowances: Allowances | undefined;
  readonly #known = new Set<string>();

  /** `perHour`: the limit for each principal, or for each address without one; `null`: no limit. */
  constructor(log: Pick<Log, "read">, perHour: number | null) {
    if (perHour !== null && !(perHour >= 1))
      throw new RangeError(`maxNewChannelsPerHour has to be at least 1, or null, not ${perHour}`);
    this.#log = log;
    this.#allowances = perHour === null ? undefined : new Allowances(perHour);
  }

  /**
   * Check whether a client may write to a channel. Undefined if it may at once, and if nothing is known of the client:
   * one limit for all unknown clients would let one of them shut out the others. Rejects with `too-many-requests`.
   */
  admit(channel: string, principal: string, address: string | undefined): Promise<void> | undefined {
    if (this.#allowances === undefined || this.#known.has(channel)) return undefined;
    if (principal === "" && address === undefined) return undefined;
    return this.#ask(this.#allowances, channel, payerOf(principal, address));
  }

  async #ask(allowances: Allowances, channel: string, payer: string): Promise<void> {
    const { messages, closed } = await this.#log.read(channel, "start", { maxMessages: 1 });
    const waitS = messages.length > 0 || closed ? 0 : allowances.take(payer);
    if (waitS > 0)
      throw new ProtocolError("too-many-requests", "This client has created too many channels", {
        retryAfterS: waitS,
      });
    if (this.#known.size >= MAX_KNOWN) this.#known.delete(this.#known.values().next().value ?? "");
    this.#known.add(channel);
  }
}
