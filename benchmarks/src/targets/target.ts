import type { Answer } from "../load/connection.ts";

/** The requests of a target: each a whole HTTP/1.1 request as text, on a kept-alive connection. */
export interface Dialect {
  /** Create a channel, if the target requires it. */
  readonly create?: (channel: string) => string;
  /** Publish one message. */
  readonly publish: (channel: string, text: string) => string;
  /** Publish many messages at once, if the target supports it; otherwise they are published one by one. */
  readonly fill?: (channel: string, texts: readonly string[]) => string;
  /** New messages, as an event stream. */
  readonly stream?: (channel: string) => string;
  /** All messages from the first one on, as an event stream. */
  readonly replay?: (channel: string) => string;
  /** A poll from the start, or from the position of an answer; with `seen`, nothing is sent if it is still current. */
  readonly poll?: (channel: string, from: Position, limit: number, seen?: Answer) => string;
  /** A poll that is held until there is a message after a position. */
  readonly wait?: (channel: string, from: Position) => string;
  /** The position after an answer. */
  readonly positionOf?: (answer: Answer) => string;
  /** Whether there are more messages after an answer. */
  readonly hasMore?: (answer: Answer) => boolean;
}

/** The position after an answer; undefined for the start of the channel. */
export type Position = string | undefined;

/** A server to measure: a program and its requests. */
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
  /** Internal figures, if the target can report them. */
  inside?(): Promise<Inside>;
  stop(): Promise<void>;
}

/** Milliseconds that its event loop was blocked at most since the last call, and all reads of its log. */
export interface Inside {
  readonly heldMs: number;
  readonly logReads: number;
}

/** A `GET`, as text. */
export function get(path: string, fields: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${lines.join("")}\r\n`;
}

/** A request with an ASCII body, as text. */
export function send(method: string, path: string, body: string, type = "application/json"): string {
  return `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}
