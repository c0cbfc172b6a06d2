import {
  type Control,
  type Driver,
  DriverError,
  type RunReport,
  runEventStream,
} from "@tidemark/conformance";
import { PLAIN } from "../behavior.ts";
import { type StreamServer, startStreams } from "../server.ts";
import type { StreamSubject } from "../subject.ts";

/** How the suite is run: with nothing but the URL, or also with a way to publish. */
export type Way = "url" | "publisher";

/** Our servers send an event every 100 ms, so a few seconds show what they do. */
const OBSERVE_MS = 4_000;

/** Start a server, run the suite on it, and stop it. */
export function reportOn(subject: StreamSubject, way: Way): Promise<RunReport> {
  return withServer(subject, (server) => runOn(server.url, optionsFor(server, subject, way)));
}

/** Start a server, do something with it, and stop it. */
export async function withServer<T>(
  { kind, changes }: StreamSubject,
  act: (server: StreamServer) => Promise<T>,
): Promise<T> {
  const server = await startStreams(kind, { ...PLAIN[kind], ...changes });
  try {
    return await act(server);
  } finally {
    await server.close();
  }
}

type Options = Parameters<typeof runEventStream>[0];

/** Run the suite on a URL. */
export async function runOn(url: string, options: Omit<Options, "url"> = {}): Promise<RunReport> {
  for await (const event of runEventStream({ seed: 1, ...options, url }))
    if (event.type === "run-finished") return event.report;
  throw new Error("the run ended without a report");
}

/** How the suite is run on a server. */
export function optionsFor(
  server: StreamServer,
  { kind, suite = {} }: StreamSubject,
  way: Way,
): Omit<Options, "url"> {
  const { thorough = false, promises = {}, restarts = false, observeMs = OBSERVE_MS, vocabulary } = suite;
  const publishes = way === "publisher" && canPublish({ kind, suite });
  return {
    ...(observeMs === "default" ? {} : { observeMs }),
    thorough,
    ...(vocabulary ? { vocabulary } : {}),
    promises: promises as NonNullable<Options["promises"]>,
    ...(kind === "run" && suite.method !== "GET" ? { body: { text: "{}", type: "application/json" } } : {}),
    ...(kind === "model" ? { body: { text: '{"stream":true}', type: "application/json" } } : {}),
    ...(publishes ? { driver: publisherOf(server), payload: "text" } : {}),
    ...(restarts && way === "publisher" ? { control: controlOf(server) } : {}),
  };
}

/** Whether events can be published to the server: a run and a model make their own. */
export function canPublish({ kind, suite }: Pick<StreamSubject, "kind" | "suite">): boolean {
  return (kind === "live" || kind === "history") && !suite?.mayNotPublish;
}

function publisherOf(server: StreamServer): Driver {
  return {
    name: "posts to the server",
    async publish(_, drafts, { exchangeBare }) {
      for (const { text, json } of drafts) {
        const { status } = await exchangeBare({ method: "POST", url: server.publishUrl, body: text ?? json });
        if (status !== 204) throw new DriverError(`publishing was answered with ${status}`);
      }
    },
  };
}

function controlOf(server: StreamServer): Control {
  return { name: "restarts the server", restart: async () => server.restart() };
}
