import type { Observation } from "./observation.ts";

/** How long the server may take to accept a connection. */
const CONNECT_MS = 3_000;

/** Ask once more if the witness may have been cut: is the server gone? */
export async function lostServer(seen: Observation): Promise<string | undefined> {
  const { ending, endedAtMs = 0, framing } = seen.witness.exchange;
  const wasCut = ending === "cut" || ending === "reset" || (ending === "complete" && framing === "close");
  if (!wasCut || seen.signal.aborted || seen.target.settings.method !== "GET") return undefined;
  const stream = seen.open();
  await stream?.until(() => stream.exchange.status !== undefined, CONNECT_MS);
  stream?.exchange.abort();
  if (stream?.exchange.ending !== "no-connection") return undefined;
  const after = (endedAtMs / 1_000).toFixed(1);
  return `the server is gone: it cut the stream after ${after} s, and accepts no connection (${stream.exchange.failure})`;
}
