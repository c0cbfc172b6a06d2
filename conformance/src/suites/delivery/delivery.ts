import type { Mechanism } from "./dialect/dialect.ts";
import type { Steady } from "./observe/steady.ts";
import type { Target } from "./target.ts";

/** What discovery found out about a target. */
export interface Delivery {
  readonly target: Target;
  /** The mechanisms that the server offers. */
  readonly offered: readonly Mechanism[];
  /** How each of them delivered what was published to readers that were there. */
  readonly steady: ReadonlyMap<Mechanism, Steady>;
  /** The test that uses the only feed of the server, if it has no others; tests take turns. */
  readonly turn: { last: Promise<void> };
}
