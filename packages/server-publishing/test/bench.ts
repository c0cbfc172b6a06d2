// A server that accepts publishes, over real HTTP.
import { MemoryLog } from "@tidemark/log-memory";
import * as assert from "uvu/assert";
import { readAll } from "../../../testing/logs/drafts.ts";
import { type At, serving } from "../../../testing/servers/serving.ts";
import { type PublishingOptions, publishing } from "../src/publishing.ts";

/** A publishing server under test, and the log behind it. */
export interface Bench extends At {
  readonly log: MemoryLog;
  post(body: string, headers?: Record<string, string>): Promise<Response>;
  /** The data of all messages in the channel. */
  stored(): Promise<string[]>;
}

/** Serve the channels of a new log until `run` ends; `post` and `stored` use channel `a`. */
export function served(options: PublishingOptions, run: (bench: Bench) => Promise<void>): Promise<void> {
  const log = new MemoryLog();
  const stored = async (): Promise<string[]> => (await readAll(log, "a")).map(({ json }) => json);
  return serving(publishing(log, options), (at) => {
    const post: Bench["post"] = (body, headers = {}) =>
      fetch(at.url("a"), {
        method: "POST",
        body,
        headers: { "Content-Type": "application/json", ...headers },
      });
    return run({ ...at, log, post, stored });
  });
}

/** Assert that an answer is this problem, and return its members. */
export async function refused(response: Response, problem: string): Promise<Record<string, unknown>> {
  assert.is(response.headers.get("content-type"), "application/problem+json");
  assert.is(response.headers.get("cache-control"), "no-store");
  const body = (await response.json()) as Record<string, unknown>;
  assert.is(body.type, `https://tidemark.example/problems/${problem}`);
  assert.is(body.status, response.status);
  return body;
}
