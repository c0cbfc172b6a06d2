import type { Log } from "@tidemark/log";
import type { Mechanism } from "@tidemark/server-core";
import { type ServeOptions, type ServerMiddleware, serve } from "@tidemark/server-core/koa";
import { type LongPollOptions, longPollMechanism } from "@tidemark/server-long-polling";
import { type PollingOptions, pollMechanism } from "@tidemark/server-polling";
import { type PublishOptions, publishMechanism } from "@tidemark/server-publishing";
import { type SseMechanismOptions, sseMechanism } from "@tidemark/server-sse";

/** Options of {@link tidemark}; those of a mechanism are grouped under its name. */
export interface TidemarkOptions extends ServeOptions {
  readonly polling?: Pick<PollingOptions, "maxAgeS" | "isPublic" | "retryMs">;
  readonly longPolling?: LongPollOptions;
  readonly sse?: SseMechanismOptions;
  /** `null` serves reads only. */
  readonly publishing?: PublishOptions | null;
}

/** Serve a log's channels by every mechanism on one URL, including publishing and the filter `event=`. */
export function tidemark(log: Log, options: TidemarkOptions = {}): ServerMiddleware {
  return serve(log, mechanismsOf(options), { eventFilter: true, ...options });
}

/** The mechanisms that {@link tidemark} serves. The first that accepts a request answers it. */
export function mechanismsOf(options: TidemarkOptions = {}): readonly Mechanism[] {
  const { polling, longPolling, sse, publishing } = options;
  const reading = [longPollMechanism(longPolling), pollMechanism(polling), sseMechanism(sse)];
  return publishing === null ? reading : [...reading, publishMechanism(publishing)];
}
