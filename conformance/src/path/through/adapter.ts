import type { Software } from "../software.ts";

/** Where a rewritten configuration has to listen, and what it has to reach. */
export interface Places {
  /** The origin, `127.0.0.1:port`. */
  readonly origin: { readonly host: string; readonly port: number };
  /** The free port that replaces a port of the configuration; the same for the same port. */
  readonly portFor: (port: number) => number;
  /** A folder of this run. */
  readonly folder: string;
}

/** A configuration that can be started. */
export interface Prepared {
  /** Files in the folder of the run, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** The program, its arguments, and its working folder is the folder of the run. */
  readonly program: string;
  readonly args: readonly string[];
  /** What checks the configuration; its output names the mistake. */
  readonly check?: readonly string[];
  /** The port of the configuration that readers reach, and whether it speaks TLS. */
  readonly listens: number;
  readonly isSecure: boolean;
  /** The path that is forwarded. */
  readonly path: string;
}

/** Starts one kind of proxy with a user's configuration. */
export interface ProxyAdapter {
  readonly software: Software;
  /** Possible names of the program. */
  readonly programs: readonly string[];
  /** Whether a configuration is for this program. */
  readonly isFor: (fileName: string, text: string) => boolean;
  /** Rewrite addresses only, so that line numbers stay: the proxy listens on free ports, and reaches the origin. */
  readonly prepare: (text: string, places: Places) => Omit<Prepared, "program">;
}

/** Map an upstream address: one of the configuration's own ports stays inside, everything else is the origin. */
export function upstreamOf(address: string, own: ReadonlySet<number>, { origin, portFor }: Places): string {
  const port = Number(/:(\d+)$/.exec(address)?.[1] ?? 80);
  return own.has(port) ? `127.0.0.1:${portFor(port)}` : `${origin.host}:${origin.port}`;
}

/** The port that readers reach: one that listens and is not the upstream of another part of the configuration. */
export function outerPort(listens: readonly number[], upstreams: readonly string[]): number {
  const inner = new Set(upstreams.map((address) => Number(/:(\d+)$/.exec(address)?.[1] ?? 80)));
  return listens.find((port) => !inner.has(port)) ?? listens[0] ?? 80;
}
