import type { Job } from "./job.ts";

/** A mutant of each subject: what every run of the tests holds the suite to. */
const MUTANTS: readonly string[] = [
  "resume-is-inclusive",
  "published-together-share-a-cursor",
  "page-answers-its-first-cursor",
  "long-poll-never-holds",
  "after-beats-last-event-id",
  "gap-in-a-block-of-its-own",
  "unknown-cursor-starts-at-the-end",
  "key-is-ignored",
];

/** The reference server, faults included, and servers that are odd in most ways. */
const VARIANTS: readonly string[] = [
  "provoked",
  "sse-only",
  "cursors-of-128-characters",
  "chunks-of-one-byte",
];

/** What the tests judge; the kill matrix judges all there is. */
export const REPRESENTATIVE: readonly Job[] = [
  ...VARIANTS.map((id): Job => ({ kind: "variant", id })),
  ...MUTANTS.map((id): Job => ({ kind: "mutant", id })),
];
