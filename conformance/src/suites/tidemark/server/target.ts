import type { Limits } from "../../../engine/run/options.ts";
import type { ExtraHeader, Redactor } from "../../../engine/wire/secrets.ts";
import type { Claims, Mechanism } from "../claims.ts";

/** How much the suite may do to a target. */
export type Grade = "observe" | "publish" | "provoke";

/** The server under test, as discovery found it. */
export interface Target {
  /** URL with `{channel}`; without it, there is only one channel, which is only read. */
  readonly template: string;
  readonly claims: Claims;
  /** The `Tidemark` field as received; undefined if it was missing and only a page identified the server. */
  readonly claimed: string | undefined;
  readonly mechanisms: readonly Mechanism[];
  readonly grade: Grade;
  /** A channel that was never written to answers like an empty one. */
  readonly implicit: boolean;
  readonly headers: readonly ExtraHeader[];
  /** Header fields of drivers and controls; printed commands name their variables, not their values. */
  readonly otherHeaders?: readonly ExtraHeader[];
  /** How long tests may wait. */
  readonly limits?: Limits;
  readonly redact: Redactor;
  readonly insecure: boolean;
}

/** A channel of the target. */
export interface Channel {
  readonly name: string;
  /** Absolute URL, without parameters of the specification. */
  readonly url: string;
}

/** Whether the template has a placeholder for the channel's name. */
export function hasChannels(template: string): boolean {
  return template.includes("{channel}");
}

/** The channel of this name. */
export function channelAt(template: string, name: string): Channel {
  return { name, url: template.replaceAll("{channel}", encodeURIComponent(name)) };
}

/** A channel's URL with query parameters after its own ones; values are percent-encoded. */
export function withQuery(url: string, query: Readonly<Record<string, string | number>>): string {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return withRawQuery(url, pairs.join("&"));
}

/** A channel's URL with query text that is sent unchanged. */
export function withRawQuery(url: string, query: string): string {
  if (query === "") return url;
  return `${url}${url.includes("?") ? "&" : "?"}${query}`;
}
