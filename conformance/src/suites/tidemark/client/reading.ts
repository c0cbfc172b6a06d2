import { performance } from "node:perf_hooks";
import type { Delivered, Told } from "./contract.ts";

/** An error that the client reported to its application. */
export type ToldError = Extract<Told, { type: "error" }>;

/** What a client under test reported to its application about one subscription or one publish. */
export class Reading {
  readonly id: string;
  readonly messages: Delivered[] = [];
  readonly gaps: Extract<Told, { type: "gap" }>[] = [];
  readonly errors: ToldError[] = [];
  done = false;
  published = false;
  unsupported: string | undefined;
  /** `performance.now()` at the last message that had not been delivered before. */
  newAt: number = Number.NEGATIVE_INFINITY;
  readonly #known = new Set<string>();

  constructor(id: string) {
    this.id = id;
  }

  /** Record a line. */
  take(line: Told): void {
    if (line.type === "message") {
      this.messages.push(line);
      const message = shown(line.event, line.data);
      if (!this.#known.has(message)) this.newAt = performance.now();
      this.#known.add(message);
    }
    if (line.type === "gap") this.gaps.push(line);
    if (line.type === "error") this.errors.push(line);
    if (line.type === "done") this.done = true;
    if (line.type === "published") this.published = true;
    if (line.type === "unsupported") this.unsupported = line.detail ?? "no detail given";
  }

  /** The delivered messages, in the form in which tests compare them. */
  get handed(): string[] {
    return this.messages.map(({ event, data }) => shown(event, data));
  }

  /** The error with which the client has ended. */
  get failure(): ToldError | undefined {
    return this.errors.find(({ terminal }) => terminal);
  }

  /** Whether the client has ended, with or without an error. */
  get hasEnded(): boolean {
    return this.done || this.failure !== undefined;
  }

  /** The state of the client, in words for a report. */
  get ending(): string {
    if (this.failure) return "ended with an error";
    if (this.done) return "ended without an error";
    return this.published ? "published" : "is still running";
  }
}

/** A message as text: its event name, and its data with sorted members. */
export function shown(event: string | undefined, data: unknown): string {
  return `${event ?? "message"} ${canonical(data)}`;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(",")}}`;
}
