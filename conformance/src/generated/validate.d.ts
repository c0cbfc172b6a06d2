import type { Baseline } from "../engine/baseline/baseline.ts";
import type { Dialect } from "../suites/delivery/dialect/dialect.ts";
import type { StreamConfig } from "../suites/event-stream/config/config.ts";
import type { Told } from "../suites/tidemark/client/contract.ts";
import type { Config } from "../suites/tidemark/server/config/config.ts";

/** One way in which a value is not what it has to be, as ajv tells it. */
export interface Fault {
  /** A JSON Pointer to the faulty part. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
  /** The schema that the faulty part has to fit. */
  readonly parentSchema?: Readonly<Record<string, unknown>>;
  readonly data?: unknown;
}

/** Checks the shape of a value; `errors` are those of the last call. */
export interface Validator<T> {
  (value: unknown): value is T;
  readonly errors?: readonly Fault[] | null;
}

export declare const validateConfig: Validator<Config>;
export declare const validateStreamConfig: Validator<StreamConfig>;
export declare const validateDialect: Validator<Dialect>;
export declare const validateBaseline: Validator<Baseline>;
export declare const validateTold: Validator<Told>;
