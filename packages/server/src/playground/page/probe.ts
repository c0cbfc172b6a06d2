import { type MechanismName, parseClaims } from "@tidemark/protocol";
import type { ColumnName } from "./channel-column.ts";

/** What a URL leads to: a Tidemark channel, or anything else, which is read as a plain event stream. */
export type Probed =
  | { readonly kind: "channel"; readonly columns: readonly ColumnName[]; readonly after: string }
  | { readonly kind: "stream" };

/** The names of the mechanisms in the field `Tidemark`, and their columns. */
const COLUMNS: Readonly<Partial<Record<MechanismName, ColumnName>>> = {
  poll: "polling",
  "long-poll": "long-polling",
  sse: "sse",
};

/** Find out what a URL leads to, by one poll of the end. Rejects if the page cannot read the answer. */
export async function probe(text: string): Promise<Probed> {
  const url = new URL(text);
  url.searchParams.set("after", "end");
  const controller = new AbortController();
  const response = await fetch(url, { headers: { Accept: "application/json" }, signal: controller.signal });
  const claims = parseClaims(response.headers.get("tidemark"));
  if (claims === undefined) {
    controller.abort(); // it may be a stream, which would stay open
    return { kind: "stream" };
  }
  const page = response.ok ? ((await response.json()) as { readonly cursor?: string }) : {};
  const columns = claims.mechanisms.flatMap((name) => COLUMNS[name] ?? []);
  return { kind: "channel", columns, after: page.cursor ?? "end" };
}
