// An origin that has a script for each mechanism.
import {
  type Answering,
  type Asked,
  type Origin,
  scriptedOrigin,
} from "../../client-core/test/scripted-origin.ts";

export type Way = "sse" | "long-polling" | "polling";

export interface ThreeWays extends Origin {
  /** By which mechanism, and from where, each request read. */
  readonly reads: readonly string[];
}

/** Which mechanism a request asks for. */
function wayOf({ query }: Asked): Way {
  if (query.stream === "1") return "sse";
  return query.wait === undefined ? "polling" : "long-polling";
}

/** Each mechanism answers its first request with its first script, and so on; its last one answers the rest. */
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
