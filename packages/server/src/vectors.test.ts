import { readFileSync } from "node:fs";
import { MemoryLog } from "@tidemark/log-memory";
import { type ServerMiddleware, serve } from "@tidemark/server-core/koa";
import { mechanismsOf } from "@tidemark/server-fetch/mechanisms";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openStream } from "../../../testing/servers/event-source.ts";
import { RIMS, type Rim, serving } from "../../../testing/servers/serving.ts";

type Offer = "poll" | "long-poll" | "sse" | "event";

function vectors<T>(name: string): readonly T[] {
  return JSON.parse(readFileSync(new URL(`../../../spec/vectors/${name}.json`, import.meta.url), "utf8"));
}

function inEachWay(name: string, run: (rim: Rim) => Promise<void>): void {
  for (const rim of RIMS) test(`${rim}: ${name}`, () => run(rim));
}

/** A server with exactly these mechanisms, over an empty log. */
function offering(offers: readonly Offer[]): ServerMiddleware {
  const mechanisms = mechanismsOf().filter(({ name }) => offers.some((offer) => offer === name));
  return serve(new MemoryLog(), mechanisms, { eventFilter: offers.includes("event") });
}

function byOffers<T extends { readonly offers: readonly Offer[] }>(
  all: readonly T[],
): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(one.offers.join(), [...(groups.get(one.offers.join()) ?? []), one]);
  return groups;
}

/** The mechanism that made an answer; `null` if none was acceptable. */
async function mechanismOf(url: string, accept: string | null): Promise<string | null> {
  const stream = await openStream(url, accept === null ? {} : { Accept: accept });
  const { status, headers } = stream;
  stream.close();
  if (status === 406) return null;
  assert.is(status, 200);
  if (headers["content-type"] === "text/event-stream") return "sse";
  return headers.etag === undefined ? "long-poll" : "poll";
}

interface Choice {
  readonly id: string;
  readonly accept: string | null;
  readonly stream: boolean;
  readonly wait: boolean;
  readonly offers: readonly Offer[];
  readonly mechanism: string | null;
}

for (const [offers, choices] of byOffers(vectors<Choice>("choice")))
  inEachWay(`the choice of the mechanism if ${offers} is offered`, async (rim) => {
    await serving(
      offering(offers.split(",") as Offer[]),
      async ({ url }) => {
        // A cursor, so that a poll has its ETag; a wait of 0, so that nothing is held.
        const after = await endOf(url("a"));
        for (const { id, accept, stream, wait, mechanism } of choices) {
          const query = new URLSearchParams({
            after,
            ...(stream && { stream: "1" }),
            ...(wait && { wait: "0" }),
          });
          assert.is(await mechanismOf(url("a", query.toString()), accept), mechanism, id);
        }
      },
      rim,
    );
  });

/** The end of an empty channel, from the gap of a foreign cursor, which every mechanism reports. */
async function endOf(url: string): Promise<string> {
  const response = await fetch(`${url}?after=A`, { headers: { Accept: "text/event-stream, */*" } });
  const { end } = (await response.json()) as { readonly end: string };
  return end;
}

interface Parameters {
  readonly id: string;
  readonly query: string;
  readonly offers: readonly Offer[];
  readonly problem?: { readonly type: string; readonly parameter: string };
}

for (const [offers, cases] of byOffers(vectors<Parameters>("parameters")))
  inEachWay(`the parameters if ${offers} is offered`, (rim) =>
    serving(
      offering(offers.split(",") as Offer[]),
      async ({ url }) => {
        for (const { id, query, problem } of cases) {
          const stream = await openStream(url("a", query), {});
          const { status } = stream;
          if (problem === undefined) {
            // The vectors' cursors are not from this log. What counts is that their form was accepted.
            assert.ok(status === 200 || status === 410, `${id}: ${status}`);
            stream.close();
            continue;
          }
          let body = "";
          for await (const chunk of stream.response) body += chunk;
          assert.is(status, 400, id);
          const { type, parameter } = JSON.parse(body);
          assert.is(type, `https://tidemark.example/problems/${problem.type}`, id);
          assert.is(parameter, problem.parameter, id);
        }
      },
      rim,
    ),
  );

test.run();
