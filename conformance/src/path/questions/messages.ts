import { createHash } from "node:crypto";
import { type Answer, answer } from "../answer.ts";
import { describe } from "../reader/prober.ts";
import type { PathContext } from "./context.ts";

const SMALL = [{ size: 16, count: 1, pauseMs: 0 }];

const RESPONSE_FIELDS: readonly (readonly [string, string])[] = [
  ["Retry-After", "7"],
  ["ETag", 'W/"path-1"'],
  ["Vary", "Accept"],
  ["Tidemark", "v=1, mechanisms=(poll long-poll sse)"],
  ["Cache-Control", "no-store, no-transform"],
  ["Last-Event-ID", "c-7"],
];

/** Do the response fields that readers need arrive unchanged? */
export async function askResponseFields(ctx: PathContext): Promise<readonly Answer[]> {
  const instructions = { type: "application/json", fields: RESPONSE_FIELDS, writes: SMALL, length: true };
  const { fetching } = ctx.prober.start(instructions, { headers: { Accept: "application/json" } });
  await fetching.done(15_000);
  const rows = RESPONSE_FIELDS.map(([name, sent]) => ({
    name,
    sent,
    came: fetching.header(name.toLowerCase()),
  }));
  const proof = rows.map(({ name, sent, came }) => `${name}: sent ${sent}, came ${came ?? "(nothing)"}`);
  const isSame = (name: string, sent: string, came = ""): boolean =>
    name === "Vary" || name === "Cache-Control"
      ? sent.split(", ").every((member) => came.toLowerCase().split(/ *, */).includes(member.toLowerCase()))
      : came === sent;
  const lost = rows
    .filter(({ name, sent, came }) => !isSame(name, sent, came))
    .map(({ name, came }) => `${name} ${came === undefined ? "is removed" : "is changed"}`);
  if (fetching.status !== 200) return [answer("response-fields", "unknown", describe(fetching))];
  return [
    lost.length > 0
      ? answer("response-fields", "fault", `no: ${lost.join(", ")}`, {
          proof,
          data: { lost: lost.join(", ") },
        })
      : answer("response-fields", "good", "yes", { proof }),
  ];
}

const REQUEST_FIELDS: Readonly<Record<string, string>> = {
  Accept: "text/event-stream",
  "Last-Event-ID": "c-6",
  "Content-Type": "application/json",
  "Idempotency-Key": "path-1",
};

/** Do the request fields that servers need arrive unchanged? */
export async function askRequestFields(ctx: PathContext): Promise<readonly Answer[]> {
  const { fetching, name } = ctx.prober.start(
    { writes: SMALL, length: true },
    { method: "POST", headers: REQUEST_FIELDS, body: Buffer.from("{}") },
  );
  await fetching.done(15_000);
  const seen = (await ctx.prober.record(name)).requests[0];
  if (!seen)
    return [answer("request-fields", "unknown", `it did not reach the origin: ${describe(fetching)}`)];
  const came = (field: string): string | undefined =>
    seen.headers.find(([line]) => line.toLowerCase() === field.toLowerCase())?.[1];
  const rows = Object.entries(REQUEST_FIELDS).map(([field, sent]) => ({ field, sent, came: came(field) }));
  const proof = rows.map(({ field, sent, came }) => `${field}: sent ${sent}, came ${came ?? "(nothing)"}`);
  proof.push(`the origin was asked by HTTP/${seen.version}`);
  const lost = rows
    .filter(({ sent, came }) => came !== sent)
    .map(({ field, came }) => `${field} ${came === undefined ? "is removed" : "is changed"}`);
  const data = { version: seen.version };
  return [
    lost.length > 0
      ? answer("request-fields", "fault", `no: ${lost.join(", ")}`, { proof, data })
      : answer("request-fields", "good", "yes", { proof, data }),
  ];
}

/** Do trailers and interim answers pass? Most proxies remove them, which is allowed. */
export async function askExtras(ctx: PathContext): Promise<readonly Answer[]> {
  const start = (more: { trailer?: boolean; early?: boolean }) =>
    ctx.prober.start({ writes: SMALL, ...more }, { headers: { TE: "trailers" } }).fetching.done(15_000);
  const [trailed, early] = await Promise.all([start({ trailer: true }), start({ early: true })]);
  const has = trailed.trailers.some(([name]) => name.toLowerCase() === "tidemark-trailer");
  const hinted = early.interim.includes(103);
  return [
    answer("trailers", "figure", has ? "yes" : "no", { data: { arrive: has } }),
    answer("early", "figure", hinted ? "yes" : "no", { data: { arrive: hinted } }),
  ];
}

const BODY_BYTES = 1_000_000;

/** Does a request body of 1 MB arrive whole? */
export async function askBody(ctx: PathContext): Promise<readonly Answer[]> {
  const body = Buffer.alloc(BODY_BYTES, "0123456789abcdef tidemark\n");
  const { fetching, name } = ctx.prober.start(
    { writes: SMALL, length: true },
    { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body },
  );
  await fetching.done(30_000);
  const seen = (await ctx.prober.record(name)).requests[0];
  const proof = [describe(fetching), `the origin got ${seen?.bodyBytes ?? 0} bytes of ${BODY_BYTES}`];
  const isSame = seen?.bodyDigest === createHash("sha256").update(body).digest("hex");
  if (fetching.status === 200 && isSame) return [answer("body", "good", "yes", { proof })];
  const how =
    seen?.bodyWhole && !isSame
      ? "its bytes are changed"
      : `answered with ${fetching.status ?? fetching.failure}`;
  return [answer("body", "fault", `no: ${how}`, { proof })];
}

/** Does the query arrive with every member, in order, and unchanged? */
export async function askQuery(ctx: PathContext): Promise<readonly Answer[]> {
  const extra = "_z=2&_a=1&_z=1&_s=a%20b%2Fc&_e=";
  const { fetching, name, query } = ctx.prober.start({ status: 200, writes: SMALL, length: true }, { extra });
  await fetching.done(15_000);
  const seen = (await ctx.prober.record(name)).requests[0];
  if (!seen)
    return [answer("query", "unknown", `the request did not reach the origin: ${describe(fetching)}`)];
  const came = seen.target.includes("?") ? seen.target.slice(seen.target.indexOf("?") + 1) : "";
  const proof = [`sent: ?${query}`, `came: ?${came}`];
  if (came === query) return [answer("query", "good", "yes", { proof, data: { kind: "same" } })];
  const sorted = (text: string): string => text.split("&").sort().join("&");
  if (came === "")
    return [
      answer("query", "fault", "no: it is removed", { breaks: "polls", proof, data: { kind: "removed" } }),
    ];
  const kind = sorted(came) === sorted(query) ? "its order is changed" : "it is changed";
  return [answer("query", "fault", `no: ${kind}`, { proof, data: { kind: "changed" } })];
}
