import { join } from "node:path";
import { ADAPTERS, installRuntime, type RuntimeName } from "./programs.ts";
import type { Carrier } from "./run-suite.ts";

/** A client as it is put before the suite. */
export interface Subject {
  readonly name: string;
  /** Where it runs. */
  readonly on: RuntimeName | "Chromium";
  /** The file of its adapter, without folder and extension. */
  readonly adapter: string;
  /** How it is used, where that is not its default. */
  readonly used?: string;
}

/** Our client, wherever it has to run. */
export const OURS: readonly Subject[] = [
  ...(["Node 20", "Node 22", "Node 24", "Deno", "Bun"] as const).map((on) => ({
    ...{ name: "@tidemark/client", on, adapter: "tidemark-stdio" },
  })),
  { name: "@tidemark/client", on: "Chromium", adapter: "tidemark-page" },
];

/** The clients of event streams that people use, and ours, on the part about streams. */
export const OTHERS: readonly Subject[] = [
  { name: "@tidemark/client", on: "Node 24", adapter: "tidemark-stdio" },
  { name: "Chromium’s EventSource", on: "Chromium", adapter: "event-source-page" },
  { name: "undici’s EventSource", on: "Node 24", adapter: "event-source" },
  { name: "eventsource", on: "Node 24", adapter: "eventsource" },
  { name: "eventsource-client", on: "Node 24", adapter: "eventsource-client" },
  {
    ...{ name: "@microsoft/fetch-event-source", on: "Node 24", adapter: "fetch-event-source" },
    used: "with the callbacks of its README: 429 and 5xx are tried again, other refusals end it",
  },
  {
    ...{ name: "launchdarkly-eventsource", on: "Node 24", adapter: "launchdarkly-eventsource" },
    used: "with the backoff, jitter and read timeout (30 s) of its README; 429 and 5xx are tried again",
  },
  {
    ...{ name: "reconnecting-eventsource", on: "Node 24", adapter: "reconnecting-eventsource" },
    used: "around `eventsource`; its query parameter for the position is renamed to `after`",
  },
];

/** How the suite gets to a client. */
export async function carrierOf({ on, adapter }: Subject): Promise<Carrier> {
  const file = join(ADAPTERS, `${adapter}.mjs`);
  if (on === "Chromium") return { page: file };
  const words = [...(await installRuntime(on)), file];
  return { command: words.map((word) => `'${word}'`).join(" ") };
}
