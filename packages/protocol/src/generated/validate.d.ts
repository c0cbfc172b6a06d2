import type { WirePublish } from "../requests/publish.ts";

/** One violation of the schema. */
export interface Fault {
  /** A JSON Pointer to the invalid part. */
  readonly instancePath: string;
  readonly message?: string;
}

/** Check the shape of a publish's body; `errors` are those of the last call. */
export declare const validatePublish: {
  (value: unknown): value is WirePublish;
  readonly errors?: readonly Fault[] | null;
};
