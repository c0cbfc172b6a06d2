import { curlLine } from "../wire/curl.ts";
import type { Exchange } from "../wire/exchange.ts";
import { type ScriptOptions, shellScript, streamSeconds } from "../wire/script.ts";
import { thatMatter } from "../wire/slice.ts";

/**
 * A script that reproduces a failure: every request until the blamed answer was complete. If that is too long
 * to read, only the requests that the blamed one depends on. Undefined if no request was sent.
 */
export function reproduction(
  all: readonly Exchange[],
  failure: number | undefined,
  { extra = [], channels = [] }: Pick<ScriptOptions, "extra" | "channels">,
): string | undefined {
  const blamed = all[failure ?? all.length - 1];
  if (!blamed) return undefined;
  const exchanges = all.filter(({ startedAt }) => startedAt <= blamed.endedAt);
  const maxTimeS = streamSeconds(blamed);
  const alone = curlLine(blamed.request, { extra, ...(maxTimeS === undefined ? {} : { maxTimeS }) });
  if (exchanges.length === 1) return alone;
  const numbers = new Map(all.map((exchange, index) => [exchange, index + 1]));
  const options = { channels, extra, blamed, numbers };
  const script = shellScript(exchanges, options) ?? shellScript(thatMatter(exchanges, blamed), options);
  if (script !== undefined) return script;
  return `# one of ${exchanges.length} requests; the replay command below repeats all of them\n${alone}`;
}
