import type { Control } from "../../engine/drive/control.ts";
import type { Driver } from "../../engine/drive/driver.ts";
import type { RunOptions } from "../../engine/run/options.ts";
import type { ExtraHeader } from "../../engine/wire/secrets.ts";
import type { DeliveryPromises, Mechanism } from "./dialect/dialect.ts";
import type { LoadedDialect } from "./dialect/load.ts";

/** Options of a run against a server that delivers messages. */
export interface DeliveryOptions extends RunOptions {
  /** `{base}` of the dialect. */
  readonly url: string;
  readonly dialect: LoadedDialect;
  /** Added to every request; see `parseExtraHeader`. */
  readonly headers?: readonly ExtraHeader[];
  /** Accept any certificate. @defaultValue false */
  readonly insecure?: boolean;
  /** Test only these. @defaultValue every mechanism of the dialect that the server offers */
  readonly mechanisms?: readonly Mechanism[];
  /** How to publish. @defaultValue as the dialect says */
  readonly driver?: Driver;
  /** Whether the driver takes a payload as text or as JSON. @defaultValue as the dialect says */
  readonly payload?: "json" | "text";
  /** The longest hold, in milliseconds. @defaultValue as the dialect says */
  readonly limitMs?: number;
  /** Instead of what the dialect says, each by its name. */
  readonly promises?: DeliveryPromises;
  /** How to drop old messages and to restart the server. Default: as the dialect says, or not at all. */
  readonly control?: Control;
}

/** The header fields of the options whose values must not be printed. */
export function secretsOf({ headers = [], driver, control }: DeliveryOptions): readonly ExtraHeader[] {
  return [...headers, ...(driver?.secrets ?? []), ...(control?.secrets ?? [])];
}
