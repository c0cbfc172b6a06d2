import type { Control } from "../../engine/drive/control.ts";
import type { Driver } from "../../engine/drive/driver.ts";
import type { HttpTarget } from "../../engine/run/http-context.ts";
import type { Exchange } from "../../engine/wire/exchange.ts";
import type { DeliveryPromises, Dialect } from "./dialect/dialect.ts";
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
