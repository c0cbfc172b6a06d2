import type { Mechanism, PollOptions } from "@tidemark/server-core";
import { type LongPollOptions, longPollMechanism } from "@tidemark/server-long-polling/mechanism";
import { pollMechanism } from "@tidemark/server-polling/mechanism";
import { type PublishOptions, publishMechanism } from "@tidemark/server-publishing/mechanism";
import { type SseMechanismOptions, sseMechanism } from "@tidemark/server-sse/mechanism";

/** Options of the mechanisms, each under its name. */
export interface MechanismOptions {
  /** How pages may be cached, and when to poll again. */
  readonly polling?: PollOptions;
  readonly longPolling?: LongPollOptions;
  readonly sse?: SseMechanismOptions;
  /** `null` serves reads only. */
  readonly publishing?: PublishOptions | null;
}

/**
 * All mechanisms of Tidemark. The first that accepts a request answers it.
 * @throws RangeError for an option that is out of range
 */
export function mechanismsOf(options: MechanismOptions = {}): readonly Mechanism[] {
  const { polling, longPolling, sse, publishing } = options;
  const reading = [longPollMechanism(longPolling), pollMechanism(polling), sseMechanism(sse)];
  return publishing === null ? reading : [...reading, publishMechanism(publishing)];
}
