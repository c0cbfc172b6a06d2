import { ChannelServer, type Visit } from "@tidemark/server-core";
import { longPollMechanism } from "@tidemark/server-long-polling/mechanism";
import { pollMechanism } from "@tidemark/server-polling/mechanism";
import { sseMechanism } from "@tidemark/server-sse/mechanism";
import type { Settings } from "../options.ts";
import { plainMechanism } from "./plain-form.ts";

/** A server of runs: as the streams that their upstreams sent, and by every mechanism of Tidemark. */
export function createRunServer(
  settings: Settings,
  authorize: ((visit: Visit<Request>) => Promise<string | undefined>) | undefined,
): ChannelServer<Request> {
  const { log, heartbeatS, retryMs, brokenBlock, onError } = settings;
  const { maxConnections, maxConnectionsPerPrincipal, drainTimeoutMs, cors } = settings;
  const mechanisms = [
    plainMechanism({ heartbeatS, retryMs, brokenBlock }),
    longPollMechanism(),
    pollMechanism(),
    sseMechanism({ heartbeatS, retryMs }),
  ];
  return new ChannelServer<Request>(log, mechanisms, {
    onError,
    eventFilter: true,
    ...(authorize !== undefined && { authorize }),
    ...(maxConnections !== undefined && { maxConnections }),
    ...(maxConnectionsPerPrincipal !== undefined && { maxConnectionsPerPrincipal }),
    ...(drainTimeoutMs !== undefined && { drainTimeoutMs }),
    ...(cors !== undefined && { cors }),
  });
}
