import type { SERVERS } from "../servers.ts";
import type { RunningServer } from "../start-server.ts";

/** Something that a server does, shown without the suite. */
export interface Finding {
  readonly id: string;
  readonly server: keyof typeof SERVERS;
  /** The versions in which it was seen. A new version shows whether it is repaired. */
  readonly version: string;
  /** The sentence of the profile that the suite reports. */
  readonly requirement: string;
  /** What it does, for the page of a maintainer. */
  readonly title: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it is seen now. */
  isSeen(server: RunningServer): Promise<boolean>;
}

/** Publish these payloads, one after the other. */
export async function publish(server: RunningServer, ...payloads: readonly string[]): Promise<void> {
  for (const body of payloads) await fetch(server.publish ?? "", { method: "POST", body });
}

/** The values of a field in a stream's text. */
export function valuesOf(field: string, text: string): string[] {
  return [...text.matchAll(new RegExp(`^${field}: ?(.*)$`, "gm"))].map(([, value = ""]) => value);
}
