import type { TestContext } from "../../suites/tidemark/server/context/context.ts";
import { curlLine } from "../wire/curl.ts";
import { shellScript, streamSeconds } from "../wire/script.ts";
import { thatMatter } from "../wire/slice.ts";

/**
 * A script that reproduces a failure: every request until the blamed answer was complete. If that is too long
 * to read, only the requests that the blamed one depends on. Undefined if no request was sent.
 */
export function reproduction(t: TestContext, failure: number | undefined): string | undefined {
  const blamed = t.exchanges[failure ?? t.exchanges.length - 1];
  if (!blamed) return undefined;
  const exchanges = t.exchanges.filter(({ startedAt }) => startedAt <= blamed.endedAt);
  const extra = [...t.target.headers, ...(t.target.otherHeaders ?? [])];
  const maxTimeS = streamSeconds(blamed);
  const alone = curlLine(blamed.request, { extra, ...(maxTimeS === undefined ? {} : { maxTimeS }) });
  if (exchanges.length === 1) return alone;
  const channels = t.channels.map(({ name }) => name).filter((name) => name !== "");
  const numbers = new Map(t.exchanges.map((exchange, index) => [exchange, index + 1]));
  const options = { channels, extra, blamed, numbers };
  const script = shellScript(exchanges, options) ?? shellScript(thatMatter(exchanges, blamed), options);
  if (script !== undefined) return script;
  return `# one of ${exchanges.length} requests; the replay command below repeats all of them\n${alone}`;
}
