import type { Log } from "@tidemark/log";
import type { ChannelServer, ReaderBehind } from "@tidemark/server-core";
import { Gauge, type Registry } from "prom-client";
import type { ChannelClasses } from "./channel-classes.ts";

/** What the gauges are about. */
export interface Observed {
  readonly channels: Pick<ChannelServer, "stats" | "readersBehind" | "draining">;
  readonly log: Log;
  /** The certificate of the server, if it has one. */
  readonly certificate?: { readonly endsS: number } | undefined;
}

/** How the gauges of several workers become one. */
type Aggregator = "sum" | "min" | "max";

/** Add gauges that read their values when they are collected. */
export function addGauges(registry: Registry, observed: Observed, classes: ChannelClasses): void {
  const { channels, log, certificate } = observed;
  const registers = [registry];
  const add = (name: string, help: string, read: () => number, aggregator: Aggregator = "sum"): void => {
    new Gauge({
      name: `tidemark_${name}`,
      help,
      aggregator,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  add("streams", "Open streams", () => channels.stats().streams);
  add("held_polls", "Long polls that wait for news", () => channels.stats().held);
  add("feeds", "Channels that have waiting readers", () => channels.stats().feeds);
  add("draining", "1 while the server drains", () => Number(channels.draining), "max");
  const isUsable = (): number => Number(log.health?.().usable ?? true);
  add("log_usable", "1 if the log can reach its engine", isUsable, "min");
  if (certificate)
    add(
      "tls_certificate_expiry_timestamp_seconds",
      "When the certificate ends",
      () => certificate.endsS,
      "min",
    );
  addBacklog(registry, () => channels.readersBehind(), classes);
}

/** What is known of the readers of one class that are behind. */
interface Backlog {
  readers: number;
  messages: number;
  oldestS: number;
}

function addBacklog(
  registry: Registry,
  readersBehind: () => Iterable<ReaderBehind>,
  classes: ChannelClasses,
): void {
  const sum = (): Map<string, Backlog> => {
    const all = new Map(classes.names.map((name) => [name, { readers: 0, messages: 0, oldestS: 0 }]));
    for (const { channel, ms, messages } of readersBehind()) {
      const backlog = all.get(classes.of(channel));
      if (backlog === undefined) continue; // each class is in the map
      backlog.readers += 1;
      backlog.messages += messages;
      backlog.oldestS = Math.max(backlog.oldestS, ms / 1_000);
    }
    return all;
  };
  const add = (name: string, help: string, aggregator: Aggregator, value: (of: Backlog) => number): void => {
    new Gauge({
      name: `tidemark_${name}`,
      help,
      labelNames: ["class"],
      aggregator,
      registers: [registry],
      collect() {
        for (const [name, backlog] of sum()) this.set({ class: name }, value(backlog));
      },
    });
  };
  const since = "since they fell behind";
  add("readers_behind", "Streams that are behind the end of their channel", "sum", ({ readers }) => readers);
  add(
    "backlog_messages",
    `Messages that these streams have not received ${since}`,
    "sum",
    ({ messages }) => messages,
  );
  add(
    "backlog_age_seconds",
    "For how long the stream has been behind that fell behind first",
    "max",
    ({ oldestS }) => oldestS,
  );
}
