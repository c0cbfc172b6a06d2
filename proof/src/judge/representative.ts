import type { Job } from "./job.ts";

/** One or two mutants of each subject: what every run of the tests holds the suite to. */
const MUTANTS: readonly string[] = [
  "cursors-compared-as-text",
  "resume-is-inclusive",
  "gap-between-replay-and-live",
  "published-together-share-a-cursor",
  "numbers-become-doubles",
  "page-answers-its-first-cursor",
  "more-is-always-false",
  "long-poll-never-holds",
  "after-beats-last-event-id",
  "heartbeat-with-an-empty-id",
  "gap-in-a-block-of-its-own",
  "unknown-cursor-starts-at-the-end",
  "malformed-cursor-is-the-start",
  "cacheable-gap",
  "key-is-ignored",
  "cursor-opens-the-channel",
];

/** The reference server, with and without faults, and servers that are odd in most ways. */
const VARIANTS: readonly string[] = [
  "reference",
  "provoked",
  "sse-only",
  "one-message-a-page",
  "cursors-of-128-characters",
  "comments-everywhere",
  "stream-closed-after-every-event",
  "chunks-of-one-byte",
  "gzip",
];

/** What the tests judge; the kill matrix judges all there is. */
export const REPRESENTATIVE: readonly Job[] = [
  ...VARIANTS.map((id): Job => ({ kind: "variant", id })),
  ...MUTANTS.map((id): Job => ({ kind: "mutant", id })),
];
