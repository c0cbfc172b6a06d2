import { formatClaims } from "@tidemark/protocol";
import type { Cors } from "../access/cors.ts";
import type { ServerClaims } from "../request/channel-context.ts";
import type { Answer } from "./answer.ts";

/** Header fields in the form that is fastest for `node:http`: names and values alternate. */
export type FlatHeaders = readonly string[];

/** The header fields that every answer of a server has. Spec: core, "Answers" and "Caching". */
export class CommonHeaders {
  readonly #claims: string;
  readonly #cors: Cors;
  readonly #allow: string;
  /** Whether the fields depend on the `Origin` of a request. */
  readonly varies: boolean;
  /** The fields, precomputed for the case that they do not depend on the origin. */
  readonly #known: (FlatHeaders | undefined)[] = [];

  constructor(offered: { readonly claims: ServerClaims; readonly allow: string }, cors: Cors) {
    this.#claims = formatClaims(offered.claims);
    this.#cors = cors;
    this.#allow = offered.allow;
    this.varies = cors.varies;
  }

  /** The fields of an answer, its own and those of every answer. */
  of(method: string, origin: string | undefined, { status, headers, body }: Answer): string[] {
    const fields = this.#common(method === "GET" || method === "HEAD", status === 304, origin).slice();
    if (body !== undefined) fields.push("X-Content-Type-Options", "nosniff");
    if (headers["Cache-Control"] === undefined) fields.push("Cache-Control", "no-store");
    for (const name in headers) fields.push(name, headers[name] ?? "");
    if (method === "OPTIONS")
      fields.push(...Object.entries(this.#cors.preflightFor(origin, this.#allow)).flat());
    return fields;
  }

  #common(reads: boolean, isUnchanged: boolean, origin: string | undefined): FlatHeaders {
    if (this.varies) return this.#make(reads, isUnchanged, origin);
    const index = (reads ? 1 : 0) + (isUnchanged ? 2 : 0);
    this.#known[index] ??= this.#make(reads, isUnchanged, undefined);
    return this.#known[index] ?? [];
  }

  #make(reads: boolean, isUnchanged: boolean, origin: string | undefined): FlatHeaders {
    const vary = [...(reads ? ["Accept"] : []), ...(this.varies ? ["Origin"] : [])];
    return Object.entries({
      // A 304 need not repeat the claims that came with the page (CORE-CLAIM-2).
      Tidemark: isUnchanged ? "v=1" : this.#claims,
      ...(vary.length > 0 && { Vary: vary.join(", ") }),
      ...this.#cors.fieldsFor(origin),
    }).flat();
  }
}
