import { Counter, type Registry } from "prom-client";
import type { Counts } from "./counts.ts";

/** Add counters that read their values from `counts` when they are collected. */
export function addCounters(registry: Registry, counts: Counts): void {
  const add = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    collect: (set: (labels: Partial<Record<Label, string>>, value: number) => void) => void,
  ): void => {
    new Counter({
      name: `tidemark_${name}`,
      help,
      labelNames,
      registers: [registry],
      collect() {
        this.reset();
        collect((labels, value) => this.inc(labels, value));
      },
    });
  };
  const requests = "Requests for channels that were answered or refused; a stream counts when it begins";
  add("requests_total", requests, ["mechanism", "status"], (set) =>
    eachCell(counts.requests, (mechanism, status, value) => set({ mechanism, status }, value)),
  );
  const refusals =
    "Requests that were refused, by the code of the problem; full and draining: streams that were told to come back later";
  add("refusals_total", refusals, ["mechanism", "reason"], (set) =>
    eachCell(counts.refusals, (mechanism, reason, value) => set({ mechanism, reason }, value)),
  );
  add("stream_ends_total", "Streams that ended, by reason", ["reason"], (set) => {
    for (const [reason, value] of Object.entries(counts.ends)) set({ reason }, value);
  });
  add("delivered_messages_total", "Messages written to readers", ["mechanism"], (set) => {
    for (const [mechanism, value] of counts.messages) set({ mechanism }, value);
    set({ mechanism: "sse" }, counts.streamedMessages);
  });
  const bytes = "Bytes of bodies and blocks written to readers, without HTTP, TLS and heartbeats";
  add("delivered_bytes_total", bytes, ["mechanism"], (set) => {
    for (const [mechanism, value] of counts.bytes) set({ mechanism }, value);
    set({ mechanism: "sse" }, counts.streamedBytes);
  });
  add("appended_messages_total", "Messages appended through this server", ["class"], (set) => {
    for (const [name, { messages }] of counts.appends) set({ class: name }, messages);
  });
  const data = "Bytes of data in the messages appended through this server";
  add("appended_bytes_total", data, ["class"], (set) => {
    for (const [name, { bytes }] of counts.appends) set({ class: name }, bytes);
  });
  add("log_errors_total", "Calls of the log that failed", ["operation", "code"], (set) =>
    eachCell(counts.logErrors, (operation, code, value) => set({ operation, code }, value)),
  );
}

function eachCell(
  table: ReadonlyMap<string, ReadonlyMap<string, number>>,
  visit: (first: string, second: string, value: number) => void,
): void {
  for (const [first, row] of table) for (const [second, value] of row) visit(first, second, value);
}
