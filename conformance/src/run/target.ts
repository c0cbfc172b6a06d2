import type { Claims, Mechanism } from "../wire/claims.ts";
import type { ExtraHeader, Redactor } from "../wire/secrets.ts";
import type { Limits } from "./options.ts";

/** How much the suite can do to a target. */
export type Grade = "observe" | "publish" | "provoke";

/** The server under test, as discovery found it. */
export interface Target {
  /** URL with `{channel}`; without it there is one channel only, which is somebody's. */
  readonly template: string;
  readonly claims: Claims;
  /** The `Tidemark` field as it came; undefined when it was missing and a page gave the server away. */
  readonly claimed: string | undefined;
  readonly mechanisms: readonly Mechanism[];
  readonly grade: Grade;
  /** An unknown channel answers as an empty one. */
  readonly implicit: boolean;
  readonly headers: readonly ExtraHeader[];
  /** Header fields of drivers and controls; a printed command names their variables, not their values. */
  readonly otherHeaders?: readonly ExtraHeader[];
  /** The longest that tests wait. */
  readonly limits?: Limits;
  readonly redact: Redactor;
  readonly insecure: boolean;
}

/** A channel of the target that a test reads. */
export interface Channel {
  readonly name: string;
  /** Absolute URL without the specification's parameters. */
  readonly url: string;
}

/** The template has a place for a channel's name. */
export function hasChannels(template: string): boolean {
  return template.includes("{channel}");
}

/** The channel of this name. */
export function channelAt(template: string, name: string): Channel {
  return { name, url: template.replaceAll("{channel}", encodeURIComponent(name)) };
}

/** A channel's URL with query parameters behind those that it has of its own; values are percent-encoded. */
export function withQuery(url: string, query: Readonly<Record<string, string | number>>): string {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return withRawQuery(url, pairs.join("&"));
}

/** A channel's URL with query text that goes out as it is written. */
export function withRawQuery(url: string, query: string): string {
  if (query === "") return url;
  return `${url}${url.includes("?") ? "&" : "?"}${query}`;
}
