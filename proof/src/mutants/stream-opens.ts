import { streaming, streams } from "../peer/change-answers.ts";
import type { Parts } from "../peer/parts.ts";
import { because, type Mutant } from "./mutant.ts";

/** Servers that start streams wrongly. */
export const streamOpenMutants: readonly Mutant[] = [
  {
    id: "no-open",
    title: "starts a stream with its messages, without $open",
    breaks: ["SSE-OPEN-1"],
    collateral: because(
      "$open carries the start of a stream and the gap before it",
      "CORE-GAP-4",
      "SSE-OPEN-2",
      "SSE-OPEN-4",
      "SSE-RESUME-4",
      "SSE-STREAM-1",
    ),
    ...opening(() => undefined),
  },
  {
    id: "open-without-retry",
    title: "does not say when to reconnect",
    breaks: ["SSE-OPEN-1"],
    ...opening((block) => block.replace(/^retry: .*\n/m, "")),
  },
  {
    id: "open-id-is-the-first-message",
    title: "starts a stream with the id of its first message, so a cut loses that message",
    breaks: ["SSE-OPEN-2", "SSE-STREAM-6"],
    ...streams(async function* (body) {
      let opened = false;
      for await (const chunk of body) {
        const text = Buffer.from(chunk).toString();
        const [, , second = ""] = opened
          ? []
          : text.split(/^id: (.*)$/m).filter((_, index) => index % 2 === 1 || index === 0);
        yield opened || second === "" ? chunk : Buffer.from(text.replace(/^id: .*$/m, `id: ${second}`));
        opened = true;
      }
    }),
  },
  {
    id: "open-without-heartbeat",
    title: "does not announce the heartbeat",
    breaks: ["SSE-OPEN-3"],
    ...opening((block) => block.replace(/"heartbeat":\d+,?/, "")),
  },
  {
    id: "gap-not-told-on-streams",
    title: "starts a stream after a gap without reporting the gap",
    breaks: ["SSE-OPEN-4", "CORE-GAP-4"],
    collateral: because("this applies to a gap after an unknown Last-Event-ID too", "SSE-RESUME-4"),
    ...opening((block) => block.replace(/,"gap":\{.*\}\}$/m, "}")),
  },
  {
    id: "gap-in-a-block-of-its-own",
    title: "reports a gap in a block of its own, after the id that skips it",
    breaks: ["SSE-OPEN-4", "CORE-GAP-4"],
    collateral: because("this applies to a gap after an unknown Last-Event-ID too", "SSE-RESUME-4"),
    ...opening((block) => {
      const gap = /,"gap":(\{.*\})\}$/m.exec(block)?.[1];
      return gap ? `${block.replace(/,"gap":\{.*\}\}$/m, "}")}event: $gap\ndata: ${gap}\n\n` : block;
    }),
  },
  {
    id: "retry-in-hours",
    title: "tells readers to reconnect after an hour",
    breaks: ["SSE-OPEN-5"],
    ...opening((block) =>
      block.replace(/^retry: .*$/m, `retry: ${3_600_000 + Math.floor(Math.random() * 1_000_000)}`),
    ),
  },
  {
    id: "retry-never-varies",
    title: "tells all readers to reconnect at the same moment",
    breaks: ["SSE-OPEN-6"],
    ...opening((block) => block.replace(/^retry: .*$/m, "retry: 50")),
  },
];

/** Change the first block of each stream. */
function opening(change: (block: string) => string | undefined): Parts {
  return streaming((block, index) => (index === 0 ? change(block) : block));
}
