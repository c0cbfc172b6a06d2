import * as assert from "uvu/assert";
import type { NatsAddress } from "../src/connection.ts";
import { NatsLog, type NatsLogOptions } from "../src/nats-log.ts";
import { freshStream } from "./harness.ts";

/** An otherwise unused log, its stream, and the lines that it reports about its engine. */
export async function listened(address: NatsAddress, options: NatsLogOptions = {}) {
  const stream = options.stream ?? freshStream();
  const log = await NatsLog.open(address, { ...options, stream });
  const said: string[] = [];
  log.onHealth(({ usable, detail }) => said.push(`${usable ? "usable" : "away"}: ${detail}`));
  return { log, said, stream };
}

/** The log reported exactly these lines. */
export function assertSaid(said: readonly string[], ...patterns: readonly RegExp[]): void {
  assert.is(said.length, patterns.length, said.join("\n"));
  for (const [i, pattern] of patterns.entries()) assert.match(said[i] ?? "", pattern);
}
