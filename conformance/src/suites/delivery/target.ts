import type { Control } from "../../engine/drive/control.ts";
import type { Driver } from "../../engine/drive/driver.ts";
import type { HttpTarget } from "../../engine/run/http-context.ts";
import type { Exchange } from "../../engine/wire/exchange.ts";
import type { DeliveryPromises, Dialect, Mechanism } from "./dialect/dialect.ts";
import type { Steady } from "./observe/steady.ts";
import type { Interpreter } from "./read/answer.ts";

/** The server under test, as discovery found it. */
export interface Target extends HttpTarget {
  readonly base: string;
  readonly dialect: Dialect;
  readonly interpreter: Interpreter;
  readonly driver: Driver | undefined;
  readonly payload: "json" | "text";
  readonly promises: DeliveryPromises;
  readonly control: Control | undefined;
  readonly limitMs: number | undefined;
  /** The kind of each exchange. */
  readonly kinds: WeakMap<Exchange, string>;
  /** Random, for the names of feeds. */
  readonly run: string;
}

/** What discovery found out about a target. */
export interface Delivery {
  readonly target: Target;
  /** The mechanisms that the server offers. */
  readonly offered: readonly Mechanism[];
  /** How each of them delivered what was published to readers that were there. */
  readonly steady: ReadonlyMap<Mechanism, Steady>;
}
