import { performance } from "node:perf_hooks";
import type { Delivered, Told } from "./contract.ts";

/** An error that the client told its application. */
export type ToldError = Extract<Told, { type: "error" }>;

/** What a client under test told its application on one subscription, or of one publish. */
export class Reading {
  readonly id: string;
  readonly messages: Delivered[] = [];
  readonly gaps: Extract<Told, { type: "gap" }>[] = [];
  readonly errors: ToldError[] = [];
  done = false;
  published = false;
  unsupported: string | undefined;
  /** When a message was handed on last that had not been before, as `performance.now()`. */
  newAt: number = Number.NEGATIVE_INFINITY;
  readonly #known = new Set<string>();

  constructor(id: string) {
    this.id = id;
  }

  /** Take note of a line. */
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
    if (line.type === "unsupported") this.unsupported = line.detail ?? "it says no more";
  }

  /** What was handed on, in the form in which messages are compared. */
  get handed(): string[] {
    return this.messages.map(({ event, data }) => shown(event, data));
  }

  /** The error with which the client has ended. */
  get failure(): ToldError | undefined {
    return this.errors.find(({ terminal }) => terminal);
  }

  /** Nothing more comes of it. */
  get hasEnded(): boolean {
    return this.done || this.failure !== undefined;
  }

  /** How it ended, in words. */
  get ending(): string {
    if (this.failure) return "ended with an error";
    if (this.done) return "ended without an error";
    return this.published ? "published" : "goes on";
  }
}

/** A message as text: its name, and its data with the members in one order. */
export function shown(event: string | undefined, data: unknown): string {
  return `${event ?? "message"} ${canonical(data)}`;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(",")}}`;
}
