import { text } from "./bytes.ts";
import type { Exchange } from "./exchange.ts";

/** Up to this many repetitions are written out; more become a loop. */
const FEW = 3;

/** A request that is repeated, with a number in its body that counts up. */
export interface Repeated {
  readonly count: number;
  readonly first: number;
  /** The body before and after the number. */
  readonly before: string;
  readonly after: string;
}

/** The repetition at the beginning of a list of exchanges; undefined if it is too short. */
export function repeatedFrom(exchanges: readonly Exchange[]): Repeated | undefined {
  const [one] = exchanges;
  const match = one && /^(.*?)(\d+)(\D*)$/s.exec(bodyOf(one));
  if (!one || !match) return undefined;
  const [, before = "", digits = "", after = ""] = match;
  const first = Number(digits);
  const isNext = (exchange: Exchange, index: number): boolean =>
    head(exchange) === head(one) && bodyOf(exchange) === `${before}${first + index}${after}`;
  const stop = exchanges.findIndex((exchange, index) => !isNext(exchange, index));
  const count = stop === -1 ? exchanges.length : stop;
  return count > FEW ? { count, first, before, after } : undefined;
}

function head({ request }: Exchange): string {
  return JSON.stringify([request.method, request.origin, request.target, request.headers.filter(isOwn)]);
}

/** Content-Length changes with the number. */
function isOwn([name]: readonly [string, string]): boolean {
  return name.toLowerCase() !== "content-length";
}

function bodyOf({ request }: Exchange): string {
  return request.body ? text(request.body) : "";
}
