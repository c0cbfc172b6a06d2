import type { Answer } from "../load/connection.ts";

/** How one talks to a target: whole requests as text, by HTTP/1.1 with kept connections. */
export interface Dialect {
  /** Make a channel ready to be used, where that needs a request. */
  readonly create?: (channel: string) => string;
  /** Publish one message. */
  readonly publish: (channel: string, text: string) => string;
  /** Publish many at once, where that can be; else one by one. */
  readonly fill?: (channel: string, texts: readonly string[]) => string;
  /** What comes from now on, as an event stream. */
  readonly stream?: (channel: string) => string;
  /** All messages from the first on, as an event stream. */
  readonly replay?: (channel: string) => string;
  /** A poll: from the start, or from the position of an answer; `seen` asks for nothing if that is still all. */
  readonly poll?: (channel: string, from: Position, limit: number, seen?: Answer) => string;
  /** A poll that is held until there is something after a position. */
  readonly wait?: (channel: string, from: Position) => string;
  /** Where an answer ends. */
  readonly positionOf?: (answer: Answer) => string;
  /** Whether there is more after an answer. */
  readonly hasMore?: (answer: Answer) => boolean;
}

/** What an answer said of where it ends, or the start of the channel. */
export type Position = string | undefined;

/** A server to be measured: a program, and how one talks to it. */
export interface Target {
  readonly name: string;
  readonly title: string;
  readonly dialect: Dialect;
  /** Start it on a free port; resolves when it listens. */
  start(): Promise<Started>;
}

/** A target's process. */
export interface Started {
  readonly port: number;
  /** The process that answers. */
  readonly pid: number;
  /** The longest time in milliseconds that its event loop was held since the last call, and reads of its log; where it can tell. */
  inside?(): Promise<Inside>;
  stop(): Promise<void>;
}

/** What a target tells of itself. */
export interface Inside {
  readonly heldMs: number;
  readonly logReads: number;
}

/** A `GET`, as text. */
export function get(path: string, fields: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\nHost: bench\r\n${lines.join("")}\r\n`;
}

/** A request with a body of ASCII, as text. */
export function send(method: string, path: string, body: string, type = "application/json"): string {
  return `${method} ${path} HTTP/1.1\r\nHost: bench\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}
