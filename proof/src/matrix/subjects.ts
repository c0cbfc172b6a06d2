import { join } from "node:path";
import { ADAPTERS, installRuntime, type RuntimeName } from "./programs.ts";
import type { Carrier } from "./run-suite.ts";

/** A client under test. */
export interface Subject {
  readonly name: string;
  /** Its runtime. */
  readonly on: RuntimeName | "Chromium";
  /** The name of its adapter's file, without the folder and the extension. */
  readonly adapter: string;
  /** How it is configured, if not by its defaults. */
  readonly used?: string;
}

/** Our client in every runtime. */
export const OURS: readonly Subject[] = [
  ...(["Node 20", "Node 22", "Node 24", "Deno", "Bun"] as const).map((on) => ({
    ...{ name: "@tidemark/client", on, adapter: "tidemark-stdio" },
  })),
  { name: "@tidemark/client", on: "Chromium", adapter: "tidemark-page" },
];

/** Popular clients of event streams, and ours for comparison, with the tests of streams. */
export const OTHERS: readonly Subject[] = [
  { name: "@tidemark/client", on: "Node 24", adapter: "tidemark-stdio" },
  { name: "Chromium’s EventSource", on: "Chromium", adapter: "event-source-page" },
  { name: "undici’s EventSource", on: "Node 24", adapter: "event-source" },
  { name: "eventsource", on: "Node 24", adapter: "eventsource" },
  { name: "eventsource-client", on: "Node 24", adapter: "eventsource-client" },
  {
    ...{ name: "@microsoft/fetch-event-source", on: "Node 24", adapter: "fetch-event-source" },
    used: "with the callbacks of its README: it retries after 429 and 5xx, and ends on other refusals",
  },
  {
    ...{ name: "launchdarkly-eventsource", on: "Node 24", adapter: "launchdarkly-eventsource" },
    used: "with the backoff, jitter and read timeout (30 s) of its README; it retries after 429 and 5xx",
  },
  {
    ...{ name: "reconnecting-eventsource", on: "Node 24", adapter: "reconnecting-eventsource" },
    used: "around `eventsource`; its query parameter for the position is renamed to `after`",
  },
];

/** How the suite connects to a client. */
export async function carrierOf({ on, adapter }: Subject): Promise<Carrier> {
  const file = join(ADAPTERS, `${adapter}.mjs`);
  if (on === "Chromium") return { page: file };
  const words = [...(await installRuntime(on)), file];
  return { command: words.map((word) => `'${word}'`).join(" ") };
}
