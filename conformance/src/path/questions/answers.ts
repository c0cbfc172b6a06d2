import { type Answer, answer } from "../answer.ts";
import type { Fetching } from "../reader/fetching.ts";
import { describe, type ProbeOptions } from "../reader/prober.ts";
import { STAMP_BYTES } from "../stamp.ts";
import type { PathContext } from "./context.ts";

const SMALL = [{ size: 16, count: 1, pauseMs: 0 }];
const JSON_HEADERS = { Accept: "application/json" };
const NO_STORE: readonly (readonly [string, string])[] = [["Cache-Control", "no-store"]];
type Fields = readonly (readonly [string, string])[];

interface Case {
  readonly name: string;
  readonly status: number;
  readonly fields?: Fields;
}

/** The answers that mean something to readers. The last two are refusals of RFC 10036. */
const CASES: readonly Case[] = [
  { name: "204", status: 204 },
  { name: "304", status: 304, fields: [["ETag", 'W/"1"']] },
  { name: "404", status: 404 },
  { name: "410", status: 410 },
  { name: "501", status: 501 },
  { name: "503", status: 503, fields: [["Retry-After", "7"]] },
  {
    name: "501 incremental_refused",
    status: 501,
    fields: [["Proxy-Status", "inner; error=incremental_refused"]],
  },
  {
    name: "429 connection_limit_reached",
    status: 429,
    fields: [["Proxy-Status", "inner; error=connection_limit_reached"]],
  },
];

function hasBody(status: number): boolean {
  return status !== 204 && status !== 304;
}

async function fetchCase(
  ctx: PathContext,
  status: number,
  fields: Fields,
  options: ProbeOptions = {},
): Promise<Fetching> {
  const writes = hasBody(status) ? SMALL : [];
  const instructions = {
    status,
    type: hasBody(status) ? "application/problem+json" : "",
    fields,
    writes,
    length: hasBody(status),
  };
  const headers = { ...JSON_HEADERS, ...(status === 304 ? { "If-None-Match": 'W/"1"' } : {}) };
  const { fetching } = ctx.prober.start(instructions, { headers, ...options });
  return fetching.done(15_000);
}

/** Do errors and empty answers arrive with their status and body? */
export async function askStatus(ctx: PathContext): Promise<readonly Answer[]> {
  const results = await Promise.all(
    CASES.map(async ({ name, status, fields = [] }) => {
      const probe = ctx.prober.name();
      const fetching = await fetchCase(ctx, status, [...NO_STORE, ...fields], { probe });
      const { total, requests } = await ctx.prober.record(probe);
      const isAsked = requests[0]?.headers.some(([field]) => field.toLowerCase() === "if-none-match");
      // A cache may ask without the condition, and judge it itself.
      const expected = status === 304 && !isAsked && fetching.status === 200 ? 200 : status;
      return { name, status: expected, fetching, total };
    }),
  );
  const proof = results.map(
    ({ name, fetching, total }) => `${name}: ${describe(fetching)}, asked ${total} times`,
  );
  const changed = results.filter(({ status, fetching }) => fetching.status !== status);
  const replaced = results.filter(
    ({ name, status, fetching }) =>
      fetching.status === status && name !== "304" && hasBody(status) && !isOurs(fetching),
  );
  const repeated = results
    .filter(({ total }) => total > 1)
    .map(({ name, total }) => `${name} asked ${total} times`);
  if (changed.length > 0) {
    const list = changed.map(({ name, fetching }) => `${name} became ${fetching.status ?? fetching.failure}`);
    return [answer("status", "fault", `no: ${list.join(", ")}`, { breaks: "polls", proof })];
  }
  if (replaced.length > 0) {
    const list = replaced.map(({ name }) => name).join(", ");
    return [answer("status", "fault", `no: the body of ${list} is replaced`, { proof })];
  }
  if (repeated.length > 0)
    return [answer("status", "note", `yes, but repeated: ${repeated.join(", ")}`, { proof })];
  return [answer("status", "good", "yes", { proof })];
}

function isOurs(fetching: Fetching): boolean {
  return (
    fetching.content.length === STAMP_BYTES && fetching.content.subarray(0, 6).toString("latin1") === ":0001 "
  );
}

const STORED = [200, 204, 404, 410, 501, 503];

/** Does something store answers that do not say that they may be stored? And such that forbid it? */
export async function askCached(ctx: PathContext): Promise<readonly Answer[]> {
  const twice = async (status: number, fields: Fields): Promise<boolean> => {
    const probe = ctx.prober.name();
    const first = await fetchCase(ctx, status, fields, { probe });
    const second = await fetchCase(ctx, status, fields, { probe });
    const { total } = await ctx.prober.record(probe);
    return total === 1 && first.status === status && second.status === status;
  };
  const look = async (fields: Fields): Promise<readonly number[]> => {
    const found = await Promise.all(
      STORED.map(async (status) => ((await twice(status, fields)) ? [status] : [])),
    );
    return found.flat();
  };
  const [despite, unasked] = [await look(NO_STORE), await look([])];
  const proof = [
    `with no-store, stored: ${despite.join(", ") || "none"}`,
    `without Cache-Control, stored: ${unasked.join(", ") || "none"} (each was asked for twice)`,
  ];
  const data = { despite: despite.join(" "), unasked: unasked.join(" ") };
  if (despite.length > 0)
    return [
      answer("cached", "fault", `no: ${despite.join(", ")} stored despite no-store`, {
        breaks: "polls",
        proof,
        data,
      }),
    ];
  if (unasked.length > 0)
    return [
      answer("cached", "note", `no: ${unasked.join(", ")} stored unless they have no-store`, { proof, data }),
    ];
  return [answer("cached", "good", "yes", { proof, data })];
}

const STORABLE: Fields = [["Cache-Control", "public, max-age=60"]];

/** What does a cache do: does it store, does it use the whole query as key, does it honour `Vary`? */
export async function askCache(ctx: PathContext): Promise<readonly Answer[]> {
  const [same, query, varies] = await Promise.all([
    pair(ctx, STORABLE, [{ extra: "_k=1" }, { extra: "_k=1" }]),
    pair(ctx, STORABLE, [{ extra: "_k=1" }, { extra: "_k=2" }]),
    pair(
      ctx,
      [...STORABLE, ["Vary", "Accept"]],
      [{ headers: { Accept: "application/json" } }, { headers: { Accept: "text/event-stream" } }],
    ),
  ]);
  const said = (total: number): string => `the origin was asked ${total} times`;
  return [
    answer("cache", "figure", same === 1 ? "yes" : "no", {
      proof: [said(same)],
      data: { stores: same === 1 },
    }),
    query === 1
      ? answer("key", "fault", "no: another query gets the stored answer", {
          breaks: "polls",
          proof: [said(query)],
        })
      : answer("key", "good", "yes", { proof: [said(query)] }),
    varies === 1
      ? answer("vary", "fault", "no: Accept is ignored, so a stream's reader may get a stored page", {
          proof: [said(varies)],
        })
      : answer("vary", "good", "yes", { proof: [said(varies)] }),
  ];
}

/** Ask twice; resolves to how often the origin was asked. */
async function pair(ctx: PathContext, fields: Fields, requests: readonly ProbeOptions[]): Promise<number> {
  const probe = ctx.prober.name();
  for (const options of requests) await fetchCase(ctx, 200, fields, { ...options, probe });
  return (await ctx.prober.record(probe)).total;
}
