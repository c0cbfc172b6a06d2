// An origin with scripts for each mechanism.
import {
  type Answering,
  type Asked,
  type Origin,
  scriptedOrigin,
} from "../../../testing/servers/scripted-origin.ts";

export type Way = "sse" | "long-polling" | "polling";

export interface ThreeWays extends Origin {
  /** The mechanism and position of each request. */
  readonly reads: readonly string[];
}

/** Which mechanism a request asks for. */
function wayOf({ query }: Asked): Way {
  if (query.stream === "1") return "sse";
  return query.wait === undefined ? "polling" : "long-polling";
}

/** The first script of a mechanism answers its first request, and so on; the last one answers the rest. */
export async function threeWays(scripts: Readonly<Record<Way, readonly Answering[]>>): Promise<ThreeWays> {
  const reads: string[] = [];
  const counts: Record<Way, number> = { sse: 0, "long-polling": 0, polling: 0 };
  const origin = await scriptedOrigin((response, asked) => {
    const way = wayOf(asked);
    reads.push(`${way} ${asked.query.after}`);
    const script = scripts[way][Math.min(counts[way]++, scripts[way].length - 1)];
    return script?.(response, asked);
  });
  return { ...origin, reads };
}
