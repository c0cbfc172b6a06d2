import type { TestContext } from "../context/context.ts";
import { curlLine } from "../wire/curl.ts";
import { shellScript } from "../wire/script.ts";

/**
 * What to type to see a failure again: a script of everything up to the request that failed, or that request
 * alone. Undefined when nothing was sent.
 */
export function reproduction(t: TestContext, failure: number | undefined): string | undefined {
  const exchanges = t.exchanges.slice(0, (failure ?? t.exchanges.length - 1) + 1);
  const last = exchanges.at(-1);
  if (!last) return undefined;
  const extra = [...t.target.headers, ...(t.target.otherHeaders ?? [])];
  if (exchanges.length === 1) return curlLine(last.request, { extra });
  const names = t.channels.map(({ name }) => name).filter((name) => name !== "");
  return shellScript(exchanges, names, extra) ?? curlLine(last.request, { extra });
}
