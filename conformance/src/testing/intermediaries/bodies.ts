import { constants, createGzip } from "node:zlib";
import type { Hooks, Passing, Sink } from "./intermediary.ts";

function isStream({ fields }: Passing): boolean {
  return String(fields["content-type"] ?? "").startsWith("text/event-stream");
}

/** Apply a change to streams only; everything else passes. */
function streams(
  change: (sink: Sink, passing: Passing) => Sink,
  when: (passing: Passing) => boolean = () => true,
): NonNullable<Hooks["body"]> {
  return (sink, passing) => (isStream(passing) && when(passing) ? change(sink, passing) : sink);
}

/** Holds everything back until the end. */
function untilEnd(sink: Sink): Sink {
  const held: Buffer[] = [];
  return {
    write: (bytes) => void held.push(bytes),
    end: () => {
      if (held.length > 0) sink.write(Buffer.concat(held));
      sink.end();
    },
    cut: sink.cut,
  };
}

/** Holds back until so many bytes have come. */
function firstBytes(count: number) {
  return (sink: Sink): Sink => {
    let held: Buffer[] = [];
    let sum = 0;
    const flush = (): void => {
      if (held.length > 0) sink.write(Buffer.concat(held));
      held = [];
    };
    return {
      write: (bytes) => {
        sum += bytes.length;
        held.push(bytes);
        if (sum >= count) flush();
      },
      end: () => {
        flush();
        sink.end();
      },
      cut: sink.cut,
    };
  };
}

/** Delays each write by the same time. */
function later(ms: number) {
  return (sink: Sink): Sink => ({
    write: (bytes) => void setTimeout(() => sink.write(bytes), ms),
    end: () => void setTimeout(() => sink.end(), ms),
    cut: () => void setTimeout(() => sink.cut(), ms),
  });
}

/** Compresses, with or without handing out what it has after each write. */
function gzip(flushes: boolean) {
  return (sink: Sink, { fields }: Passing): Sink => {
    fields["content-encoding"] = "gzip";
    const zip = createGzip(flushes ? { flush: constants.Z_SYNC_FLUSH } : {});
    zip.on("data", (bytes: Buffer) => sink.write(bytes));
    zip.on("end", () => sink.end());
    return { write: (bytes) => void zip.write(bytes), end: () => void zip.end(), cut: sink.cut };
  };
}

/** Ends a stream after so much silence, or after so much time. */
function limit(ms: number, restarts: boolean) {
  return (sink: Sink, { response, dropSender }: Passing): Sink => {
    const cut = (): void => {
      dropSender();
      response.destroy();
    };
    let timer = setTimeout(cut, ms);
    response.once("close", () => clearTimeout(timer));
    return {
      ...sink,
      write: (bytes) => {
        sink.write(bytes);
        if (!restarts) return;
        clearTimeout(timer);
        timer = setTimeout(cut, ms);
      },
    };
  };
}

/** Ends a stream after its first write. */
function onlyFirst(sink: Sink, { dropSender }: Passing): Sink {
  return {
    ...sink,
    write: (bytes) => {
      sink.write(bytes);
      sink.end();
      dropSender();
    },
    cut: () => undefined,
  };
}

/** Exchanges two neighbouring letters of each larger write. */
function altered(sink: Sink): Sink {
  return {
    ...sink,
    write: (bytes) => {
      const copy = Buffer.from(bytes);
      const [a, b] = [copy[18] ?? 0, copy[19] ?? 0];
      if (copy.length > 20) copy.set(a === b ? [65, 66] : [b, a], 18);
      sink.write(copy);
    },
  };
}

const accepts = ({ sent }: Passing, name: string, text: string): boolean =>
  String(sent[name] ?? "").includes(text);
const without =
  (name: string, text: string) =>
  ({ fields }: Passing): boolean =>
    !String(fields[name] ?? "").includes(text);

/** Intermediaries that do something wrong with bodies, and the only line that may say so. */
export const BODY_FAULTS: Readonly<
  Record<string, { readonly line: string; readonly says: RegExp; readonly hooks: Hooks }>
> = {
  "holds streams back until their end": {
    line: "stream",
    says: /until the end/,
    hooks: { body: streams(untilEnd) },
  },
  "holds back the first 8 KiB": {
    line: "stream",
    says: /until about \d/,
    hooks: { body: streams(firstBytes(8_192)) },
  },
  "holds each write back for 6 s": {
    line: "stream",
    says: /each write is held back for 6\.\d s/,
    hooks: { body: streams(later(6_000)) },
  },
  "holds back the answer to a GET only": {
    line: "stream",
    says: /until the end/,
    hooks: { body: streams(untilEnd, ({ method }) => method === "GET") },
  },
  "holds back the answer to a POST only": {
    line: "post",
    says: /until the end/,
    hooks: { body: streams(untilEnd, ({ method }) => method === "POST") },
  },
  "holds back without X-Accel-Buffering": {
    line: "fields",
    says: /unless the answer has X-Accel-Buffering: no$/,
    hooks: { body: streams(untilEnd, without("x-accel-buffering", "no")) },
  },
  "holds back without no-transform": {
    line: "fields",
    says: /unless the answer has Cache-Control: no-transform$/,
    hooks: { body: streams(untilEnd, without("cache-control", "no-transform")) },
  },
  "holds back without Incremental": {
    line: "fields",
    says: /unless the answer has Incremental: \?1$/,
    hooks: { body: streams(untilEnd, without("incremental", "?1")) },
  },
  "holds back without Accept": {
    line: "accept",
    says: /until the end/,
    hooks: { body: streams(untilEnd, (passing) => !accepts(passing, "accept", "event-stream")) },
  },
  "compresses without flushing": {
    line: "compression",
    says: /compressed with gzip despite/,
    hooks: { body: streams(gzip(false), (passing) => accepts(passing, "accept-encoding", "gzip")) },
  },
  "compresses despite no-transform": {
    line: "compression",
    says: /yes, but compressed with gzip despite/,
    hooks: { body: streams(gzip(true), (passing) => accepts(passing, "accept-encoding", "gzip")) },
  },
  "cuts silent streams after 5 s": {
    line: "idle",
    says: /cut after [45]\.\d s/,
    hooks: { body: streams(limit(5_000, true)) },
  },
  "ends every stream after 7 s": {
    line: "heartbeat",
    says: /cut after [67]\.\d s/,
    hooks: { body: streams(limit(7_000, false), ({ url }) => /w=16x(1@|\d+@2000)/.test(url)) },
  },
  "ends streams after their first write": {
    line: "stream",
    says: /closed after 16 bytes/,
    hooks: { body: streams(onlyFirst) },
  },
  "changes bytes": { line: "bytes", says: /differs from what was sent/, hooks: { body: streams(altered) } },
  "ends cut streams cleanly": {
    line: "end",
    says: /cut or reset looks like a normal end/,
    hooks: { body: (sink) => ({ ...sink, cut: sink.end }) },
  },
};
