import { ProtocolError } from "@tidemark/protocol";
import { ReadRequests } from "./caches/read-requests.ts";
import type { Mechanism, Offers } from "./mechanism.ts";
import type { ServerClaims } from "./request/channel-context.ts";
import { type ChannelRequest, NO_PARAMETERS, type Visit } from "./request/channel-request.ts";

/** A mechanism with the cache of its parsed parameters, which it may share with others. */
interface Offered {
  readonly mechanism: Mechanism;
  readonly reads: ReadRequests | undefined;
}

/** The mechanisms of a server: what they claim together, and which of them answers a request. */
export class Mechanisms {
  readonly claims: ServerClaims;
  /** The value of `Allow`. */
  readonly allow: string;
  /** Mechanisms by method, in the order in which they are asked. */
  readonly #byMethod: ReadonlyMap<string, readonly Offered[]>;

  constructor(mechanisms: readonly Mechanism[], offers: Offers) {
    this.claims = claimsOf(mechanisms, offers);
    const methods = new Set(mechanisms.flatMap((mechanism) => mechanism.methods));
    this.allow = [...methods, "OPTIONS"].join(", ");
    const offered = withReads(mechanisms, offers);
    this.#byMethod = new Map(
      [...methods].map((method) => [
        method,
        offered.filter(({ mechanism }) => mechanism.methods.includes(method)),
      ]),
    );
  }

  /** Run the checks before the channel is looked at. @throws ProtocolError if a mechanism refuses */
  admit(visit: Visit): void {
    for (const { mechanism } of this.#offeredFor(visit.method)) mechanism.admit?.(visit);
  }

  /**
   * The mechanism that answers. Sets `request.read` as that mechanism parsed it. Spec: core, CORE-CHOICE-1.
   * @throws ProtocolError `not-acceptable` if there is none, and what the mechanism's `parse` throws
   */
  choose(request: ChannelRequest): Mechanism {
    let fallback: Offered | undefined;
    let parsed: ReadRequests | undefined;
    for (const offered of this.#offeredFor(request.method)) {
      const { mechanism, reads } = offered;
      if (reads !== parsed) request.read = reads?.of(request) ?? NO_PARAMETERS;
      parsed = reads;
      const accepts = mechanism.accepts(request);
      if (accepts === true) return mechanism;
      if (accepts === "fallback") fallback ??= offered;
    }
    if (fallback === undefined)
      throw new ProtocolError("not-acceptable", "No mechanism of this server matches Accept and stream");
    request.read = fallback.reads?.of(request) ?? NO_PARAMETERS;
    return fallback.mechanism;
  }

  #offeredFor(method: string): readonly Offered[] {
    const offered = this.#byMethod.get(method);
    if (!offered) throw new ProtocolError("method-not-allowed", `${method} is not offered here`);
    return offered;
  }
}

function withReads(mechanisms: readonly Mechanism[], offers: Offers): readonly Offered[] {
  const known = new Map<Mechanism["parse"], ReadRequests>();
  return mechanisms.map((mechanism) => {
    const { parse } = mechanism;
    if (parse === undefined) return { mechanism, reads: undefined };
    const reads = known.get(parse) ?? new ReadRequests(parse, offers);
    known.set(parse, reads);
    return { mechanism, reads };
  });
}

/** The claims of a server with these mechanisms. Spec: core, "The header field Tidemark". */
function claimsOf(mechanisms: readonly Mechanism[], offers: Offers): ServerClaims {
  const each = mechanisms.map((mechanism) => mechanism.claims(offers));
  return Object.assign({ version: 1, publish: false, event: offers.event }, ...each, {
    mechanisms: [...new Set(each.flatMap(({ mechanisms: names = [] }) => names))],
  });
}
