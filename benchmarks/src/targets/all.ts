import { betterSse } from "./better-sse.ts";
import { durableStreams } from "./durable-streams.ts";
import { floor, raw } from "./floor.ts";
import { nchan } from "./nchan.ts";
import type { Target } from "./target.ts";
import { tidemark, tidemarkHono, tidemarkKoa, tidemarkMetrics, tidemarkNode } from "./tidemark.ts";

/** Every target by name. */
export const TARGETS: ReadonlyMap<string, Target> = new Map(
  [
    raw,
    floor,
    tidemark,
    tidemarkMetrics,
    tidemarkNode,
    tidemarkKoa,
    tidemarkHono,
    nchan,
    betterSse,
    durableStreams,
  ].map((target) => [target.name, target]),
);
