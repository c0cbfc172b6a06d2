import { Exchange } from "../../../engine/wire/exchange.ts";
import { buildRequest } from "../../../engine/wire/request.ts";
import { headerLines } from "../../../engine/wire/secrets.ts";
import { fillHeaders, fillIn, setUp } from "../setup.ts";
import { openingRequest, resumingRequest } from "../target.ts";
import type { Observation } from "./observation.ts";
import { Stream } from "./stream.ts";

/** How long the second session's stream is read. */
const READ_MS = 4_000;

/** Where a second stream is, if each request starts one of its own. */
async function ownLocation(seen: Observation): Promise<string | undefined> {
  if (seen.target.settings.method === "GET") return undefined;
  const exchange = seen.send(openingRequest(seen.target));
  await seen.wait(() => exchange.status !== undefined || exchange.ending !== undefined, READ_MS);
  const location = exchange.header("location");
  exchange.abort();
  return location === undefined ? undefined : new URL(location, seen.target.url).href;
}

/** Open a second session, and resume in it after an id of the first. */
export function readOtherSession(seen: Observation): Promise<Stream | undefined> {
  return seen.inTurn("other-session", async () => {
    const { settings } = seen.target;
    const [first] = seen.feedOf(seen.witness);
    if (first?.id === undefined) return undefined;
    const taken = await setUp(settings.setup ?? [], settings.headers, settings.insecure);
    const target = { settings, taken, url: fillIn(settings.url, taken) };
    const init = resumingRequest(target, first.id, await ownLocation(seen));
    if (!init) return undefined;
    const headers = [...(init.headers ?? []), ...headerLines(fillHeaders(settings.headers, taken))];
    const exchange = new Exchange(buildRequest({ ...init, headers }), { insecure: settings.insecure });
    const stream = new Stream(exchange);
    await seen.wait(() => exchange.ending !== undefined || stream.events.length > 2, READ_MS);
    exchange.abort();
    return stream;
  });
}
