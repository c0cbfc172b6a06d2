import type { ColumnName } from "./channel-column.ts";
import type { ControlValues } from "./controls.ts";

/** What the playground's server says at the start. */
export interface Start {
  /** Where each column reads: the proxies' URLs. */
  readonly columns: Readonly<Record<ColumnName, string>>;
  readonly settings: Omit<ControlValues, "pollMs">;
  /** The end of the playground's own channel. */
  readonly cursor?: string;
  /** The URL behind the proxies, if it is not the playground's own channel. */
  readonly target?: string;
}

/** What a proxy has counted. */
export interface Wire {
  readonly up: number;
  readonly down: number;
}

export async function fetchStart(): Promise<Start> {
  return (await (await answered("/start")).json()) as Start;
}

export async function fetchWire(): Promise<Readonly<Record<ColumnName, Wire>>> {
  return (await (await answered("/wire")).json()) as Readonly<Record<ColumnName, Wire>>;
}

export async function sendSettings(changes: Partial<Start["settings"]>): Promise<void> {
  const headers = { "Content-Type": "application/json" };
  await answered("/settings", { method: "POST", headers, body: JSON.stringify(changes) });
}

async function answered(path: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(path, init);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response;
}
