/** How the messages that a reader got differ from those that it should have got. */
export interface OrderFault {
  readonly kind: "lost" | "repeated" | "reordered" | "foreign";
  /** The message that shows it. */
  readonly id: string;
  /** Its place in what the reader got; for a lost message, the place where it is missing. */
  readonly at: number;
}

/**
 * Compare what a reader got with the one order: after the position `from`, each message once and in order, nothing
 * else. A reader that has not got everything yet is right so far; `checkComplete` also requires the rest.
 */
export function checkOrder(
  order: readonly string[],
  from: number,
  got: readonly string[],
): OrderFault | undefined {
  const places = new Map(order.map((id, place) => [id, place]));
  const seen = new Set<string>();
  let next = from;
  for (const [at, id] of got.entries()) {
    const place = places.get(id);
    if (place === undefined) return { kind: "foreign", id, at };
    if (seen.has(id) || place < from) return { kind: "repeated", id, at };
    if (place < next) return { kind: "reordered", id, at };
    if (place > next) return skipped(order.slice(next, place), got.slice(at), at);
    seen.add(id);
    next = place + 1;
  }
  return undefined;
}

/** As {@link checkOrder}, and nothing up to the position `to` is missing. */
export function checkComplete(
  order: readonly string[],
  from: number,
  to: number,
  got: readonly string[],
): OrderFault | undefined {
  const fault = checkOrder(order.slice(0, to), from, got);
  const missing = order[from + got.length];
  if (fault || from + got.length >= to || missing === undefined) return fault;
  return { kind: "lost", id: missing, at: got.length };
}

/** Messages that were left out came later, or never. */
function skipped(left: readonly string[], rest: readonly string[], at: number): OrderFault {
  const late = left.find((id) => rest.includes(id));
  return late === undefined
    ? { kind: "lost", id: left[0] ?? "", at }
    : { kind: "reordered", id: rest[0] ?? "", at };
}

/** Two readers that got two messages in different orders. */
export interface OrderConflict {
  readonly first: string;
  readonly second: string;
}

/**
 * The one order that explains what several readers got, when nobody else knows the order. Messages that no reader
 * compares keep the order in which they are first seen. A conflict names two messages that go round in a circle.
 */
export function oneOrder(readers: readonly (readonly string[])[]): readonly string[] | OrderConflict {
  const after = new Map<string, Set<string>>();
  const before = new Map<string, number>();
  for (const got of readers)
    for (const [at, id] of got.entries()) {
      if (!after.has(id)) after.set(id, new Set());
      before.set(id, before.get(id) ?? 0);
      const last = at === 0 ? undefined : after.get(got[at - 1] ?? "");
      if (!last || last.has(id)) continue;
      last.add(id);
      before.set(id, (before.get(id) ?? 0) + 1);
    }
  const ready = [...before].filter(([, count]) => count === 0).map(([id]) => id);
  const order: string[] = [];
  for (let id = ready.shift(); id !== undefined; id = ready.shift()) {
    order.push(id);
    for (const next of after.get(id) ?? []) {
      const left = (before.get(next) ?? 0) - 1;
      before.set(next, left);
      if (left === 0) ready.push(next);
    }
  }
  return order.length === before.size ? order : circle(after, new Set(order));
}

function circle(after: ReadonlyMap<string, ReadonlySet<string>>, placed: ReadonlySet<string>): OrderConflict {
  const open = [...after.keys()].filter((id) => !placed.has(id));
  const leads = (id: string): string | undefined => open.find((from) => after.get(from)?.has(id));
  let id = open[0] ?? "";
  const seen = new Set<string>();
  while (!seen.has(id)) {
    seen.add(id);
    id = leads(id) ?? id;
  }
  return { first: leads(id) ?? id, second: id };
}
