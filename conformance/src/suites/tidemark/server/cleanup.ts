import type { RunEnvironment } from "../../../engine/run/run-test.ts";
import { Exchange } from "../../../engine/wire/exchange.ts";
import { buildRequest } from "../../../engine/wire/request.ts";
import { headerLines } from "../../../engine/wire/secrets.ts";
import { channelAt } from "./target.ts";

/** How long one removal may take; a channel that is not removed by then stays. */
const CLEANUP_LIMIT_MS = 3_000;

/** Remove a test's channels by the protocol's `DELETE`. If the target refuses, they stay. */
export async function removeChannels(environment: RunEnvironment, names: readonly string[]): Promise<void> {
  const { target, driver } = environment;
  if (driver?.name !== "protocol") return;
  for (const name of names) {
    const { url } = channelAt(target.template, name);
    const request = buildRequest({ method: "DELETE", url, headers: headerLines(target.headers) });
    await new Exchange(request, { insecure: target.insecure }).done(CLEANUP_LIMIT_MS);
  }
}
