import { type Ledger, loadLedger } from "../../engine/model/ledger.ts";
import type { Words } from "../../engine/model/words.ts";

/** The version of the specification that both suites test against. */
export const TIDEMARK_VERSION = "1.0";

/** The requirements of the specification. */
export const tidemarkLedger: Ledger = loadLedger("requirements.json");

/** The words of both suites. */
export const tidemarkWords: Words = {
  title: "Tidemark",
  chapters: ["core", "polling", "long-polling", "sse", "publishing"],
  kinds: [
    { kind: "poll", title: "polling", short: "poll" },
    { kind: "long-poll", title: "long polling", short: "long" },
    { kind: "sse", title: "SSE", short: "SSE" },
    { kind: "publish", title: "publishing", short: "pub" },
    { kind: "other", title: "other", short: "oth" },
  ],
  reasons: {
    NEEDS_PUBLISH: "need a way to publish",
    NEEDS_CHANNELS: "need channels of their own",
    NEEDS_PROVOKE: "need a way to provoke faults",
    NEEDS_TIME: "need more time",
    REFUSED: "were refused under the target's limit on connections",
  },
  remedies: {
    NEEDS_PUBLISH: "a target that takes publishes, or a configuration with a way to publish",
    NEEDS_CHANNELS: "a URL with {channel} at a target that serves any channel",
    NEEDS_PROVOKE: "--control <url>, or commands in the configuration",
    NEEDS_TIME: "--thorough",
    REFUSED: "a higher limit on connections, or --jobs 1",
  },
};

/** What a target claims, as far as it decides which chapters bind it. */
export interface ChapterClaims {
  readonly mechanisms: readonly string[];
  readonly publish: boolean;
}

/** Whether a chapter binds a target that claims this. */
export function bindsChapter(chapter: string, { mechanisms, publish }: ChapterClaims): boolean {
  const claimed: Readonly<Record<string, boolean>> = {
    core: true,
    polling: mechanisms.includes("poll"),
    "long-polling": mechanisms.includes("long-poll"),
    sse: mechanisms.includes("sse"),
    publishing: publish,
  };
  return claimed[chapter] ?? false;
}
